"""What a client prefers: the Prefer header (https://www.rfc-editor.org/rfc/rfc7240)."""

from __future__ import annotations

from app.web.headers.lists import items
from app.web.request import FhirRequest


def preference(request: FhirRequest, name: str) -> str | None:
    """Return the value of a preference in lower case, None without it. Of several, the first counts."""
    header = request.listed(b"prefer")
    return None if header is None else next((one.value.lower() for one in items(header) if one.name == name), None)
