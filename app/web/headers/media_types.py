"""Check the media types of a request: the server reads and writes FHIR R4 as JSON only.

http://hl7.org/fhir/R4/http.html#mime-type
"""

from __future__ import annotations

import re

from app.fhir.outcome import Fault, FhirError
from app.web.headers.lists import Item, items
from app.web.request import FhirRequest

MEDIA_TYPE = "application/fhir+json"
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
HTML_TYPE = "text/html"
JSON_TYPES = frozenset({MEDIA_TYPE, JSON_TYPE, "text/json"})
"""The media types that a client may ask for; it may send the first two."""
_RANGES = ("application/*", "*/*")
"""The ranges that include the media type, the most specific first."""
_PLAIN = JSON_TYPES.union(_RANGES)
FORMATS = JSON_TYPES | {"json"}
FHIR_VERSION = "4.0"
CHARSET = "utf-8"

_ONLY_JSON = f"Only {MEDIA_TYPE} is served."
_ONLY_R4 = f"Only FHIR R4 is served: fhirVersion must be {FHIR_VERSION}."
_ZERO = re.compile(r"0(?:\.0*)?")


def negotiate(request: FhirRequest) -> None:
    """Check that `_format` or Accept allows FHIR R4 JSON. Raises FhirError NOT_ACCEPTABLE."""
    formats = [value for name, value in request.query if name == "_format"]
    if formats:
        negotiate_format(formats[-1])
        return
    accept = request.listed(b"accept")
    if accept is None or accept in _PLAIN or not accept.strip():
        return
    ranges = list(items(accept))
    if not _accepts([media_range for media_range in ranges if _is_r4(media_range)]):
        raise FhirError(Fault.NOT_ACCEPTABLE, _ONLY_R4 if _accepts(ranges) else _ONLY_JSON)


def negotiate_format(value: str) -> None:
    """Check that `_format` is FHIR R4 JSON. Raises FhirError NOT_ACCEPTABLE."""
    media_type = _only(value)
    if media_type is None or media_type.name.replace(" ", "+") not in FORMATS:
        raise FhirError(Fault.NOT_ACCEPTABLE, _ONLY_JSON)
    if not _is_r4(media_type):
        raise FhirError(Fault.NOT_ACCEPTABLE, _ONLY_R4)


def check_content_type(request: FhirRequest) -> None:
    """Check that the body is FHIR R4 JSON. Raises FhirError MEDIA_TYPE."""
    if not _is_r4(check_media_type(request, MEDIA_TYPE, JSON_TYPE)):
        raise FhirError(Fault.MEDIA_TYPE, _ONLY_R4)


def check_media_type(request: FhirRequest, *accepted: str) -> Item:
    """Return the media type of the body, which must be an `accepted` one, in UTF-8. Raises FhirError MEDIA_TYPE."""
    header = request.listed(b"content-type") or ""
    media_type = Item(header, "", {}) if header in accepted else _only(header)
    if media_type is None or media_type.name not in accepted:
        raise FhirError(Fault.MEDIA_TYPE, f"The Content-Type must be {' or '.join(accepted)}.")
    if media_type.parameters.get("charset", CHARSET).lower() != CHARSET:
        raise FhirError(Fault.MEDIA_TYPE, f"The charset of the Content-Type must be {CHARSET}.")
    return media_type


def accepts_html(accept: str) -> bool:
    """Return whether an Accept header names HTML, as a browser's does."""
    return any(media_range.name == HTML_TYPE and _is_wanted(media_range) for media_range in items(accept))


def _only(header: str) -> Item | None:
    """Return the media type of a header; None if the header has none or several."""
    media_types = list(items(header))
    return media_types[0] if len(media_types) == 1 else None


def _accepts(ranges: list[Item]) -> bool:
    """Return whether the ranges allow JSON; the most specific range that includes JSON decides."""
    wanted = {media_range.name: _is_wanted(media_range) for media_range in reversed(ranges)}
    if any(wanted.get(name) for name in JSON_TYPES):
        return True
    return next((wanted[name] for name in (MEDIA_TYPE, *_RANGES) if name in wanted), False)


def _is_r4(item: Item) -> bool:
    """Return whether the media type names no FHIR version or R4."""
    return item.parameters.get("fhirversion", FHIR_VERSION) == FHIR_VERSION


def _is_wanted(item: Item) -> bool:
    """Return whether the quality value is not 0."""
    return _ZERO.fullmatch(item.parameters.get("q", "1")) is None
