"""Read the form of an OAuth request within its budget."""

from __future__ import annotations

from urllib.parse import parse_qsl

from app.access.smart.credentials import Form
from app.access.smart.oauth_error import invalid_request
from app.web.body import read_bytes
from app.web.headers.media_types import FORM_TYPE, check_media_type
from app.web.request import FhirRequest

MOST_BYTES = 16_384
MOST_FIELDS = 30


async def read_form(request: FhirRequest) -> Form:
    """Return the fields of the body. Raises OAuthError, and FhirError MEDIA_TYPE, TOO_LARGE or BUSY."""
    check_media_type(request, FORM_TYPE)
    return parse_form(await read_bytes(request, MOST_BYTES))


def parse_form(data: bytes) -> Form:
    """Return the fields by name; an empty field counts as absent. Raises OAuthError.

    https://www.rfc-editor.org/rfc/rfc6749#section-3.2
    """
    if data.count(b"&") >= MOST_FIELDS:
        raise invalid_request(f"The form must have at most {MOST_FIELDS} fields.")
    try:
        pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise invalid_request("The form must have percent-encoded fields in UTF-8.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise invalid_request("Each field of the form must occur once.")
    return {name: value for name, value in pairs if value}
