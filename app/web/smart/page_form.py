"""Read the small forms of the sign-in pages within their budget."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request
from msgspec import Struct

from app.fhir.outcome import Fault, FhirError
from app.web.headers.media_types import FORM_TYPE

MOST_BYTES = 16_384
MOST_FIELDS = 100


class Form(Struct, frozen=True):
    """The fields of a form, in its order."""

    pairs: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        """Return the field with that name; empty if there is none, or more than one."""
        values = self.values(name)
        return values[0] if len(values) == 1 else ""

    def values(self, name: str) -> tuple[str, ...]:
        """Return all fields with that name."""
        return tuple(value for field, value in self.pairs if field == name)


async def read_form(request: Request) -> Form:
    """Read the body as a form. Raises FhirError MEDIA_TYPE, TOO_LARGE or PARAMETER."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise FhirError(Fault.MEDIA_TYPE, f"The body must be {FORM_TYPE}.")
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise FhirError(Fault.TOO_LARGE, f"The form must not be larger than {MOST_BYTES} bytes.")
    try:
        pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise FhirError(Fault.PARAMETER, f"The form must have at most {MOST_FIELDS} percent-encoded fields.") from None
    return Form(tuple(pairs))
