"""Read the preferences of a client from the Prefer header (https://www.rfc-editor.org/rfc/rfc7240)."""

from __future__ import annotations

from app.web.headers.lists import items
from app.web.request import FhirRequest


def preference(request: FhirRequest, name: str) -> str | None:
    """Return the first value of a preference in lower case; None without one."""
    header = request.listed(b"prefer") or ""
    return next((item.value.lower() for item in items(header) if item.name == name), None)
