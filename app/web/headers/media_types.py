"""The media types that a request names: FHIR R4 as JSON is read and written, and nothing else.

http://hl7.org/fhir/R4/http.html#mime-type
"""

from __future__ import annotations

import re

from app.fhir.outcome import Fault, FhirError
from app.web.headers.lists import Item, items
from app.web.request import FhirRequest

MEDIA_TYPE = "application/fhir+json"
FORM_TYPE = "application/x-www-form-urlencoded"
HTML_TYPE = "text/html"
JSON_TYPES = frozenset({MEDIA_TYPE, "application/json", "text/json"})
_RANGES = ("application/*", "*/*")
"""The ranges that include the media type, the closest one first."""
_PLAIN = JSON_TYPES.union(_RANGES)
FORMATS = JSON_TYPES | {"json"}
FHIR_VERSION = "4.0"

_ONLY_JSON = f"Only {MEDIA_TYPE} is served."
_ONLY_R4 = f"Only FHIR R4 is served: fhirVersion must be {FHIR_VERSION}."
_ZERO = re.compile(r"0(?:\.0*)?")


def negotiate(request: FhirRequest) -> None:
    """Reject callers that accept no FHIR R4 JSON. Raises FhirError NOT_ACCEPTABLE."""
    formats = [value for name, value in request.query if name == "_format"]
    if formats:
        negotiate_format(formats[-1])
        return
    accept = request.listed(b"accept")
    if accept is None or accept in _PLAIN or not accept.strip():
        return
    ranges = list(items(accept))
    if not _accepts([one for one in ranges if _is_r4(one)]):
        raise FhirError(Fault.NOT_ACCEPTABLE, _ONLY_R4 if _accepts(ranges) else _ONLY_JSON)


def negotiate_format(value: str) -> None:
    """Reject a `_format` that is not FHIR R4 JSON. Raises FhirError NOT_ACCEPTABLE."""
    named = _only(value)
    if named is None or named.name.replace(" ", "+") not in FORMATS:
        raise FhirError(Fault.NOT_ACCEPTABLE, _ONLY_JSON)
    if not _is_r4(named):
        raise FhirError(Fault.NOT_ACCEPTABLE, _ONLY_R4)


def check_content_type(request: FhirRequest) -> None:
    """Reject a body that is not FHIR R4 JSON. Raises FhirError MEDIA_TYPE."""
    header = request.head(b"content-type") or ""
    if header in JSON_TYPES:
        return
    named = _only(header)
    if named is None or named.name not in JSON_TYPES:
        raise FhirError(Fault.MEDIA_TYPE, f"The body must be {MEDIA_TYPE} (application/json is accepted, too).")
    if not _is_r4(named):
        raise FhirError(Fault.MEDIA_TYPE, _ONLY_R4)


def is_form(request: FhirRequest) -> bool:
    """Whether the body is a form of parameters."""
    named = _only(request.head(b"content-type") or "")
    return named is not None and named.name == FORM_TYPE


def accepts_html(accept: str) -> bool:
    """Whether an Accept header names HTML, as that of a browser does."""
    return any(media_range.name == HTML_TYPE and _is_wanted(media_range) for media_range in items(accept))


def _only(header: str) -> Item | None:
    """Read a value that is one media type; None where it is none, or several."""
    named = list(items(header))
    return named[0] if len(named) == 1 else None


def _accepts(ranges: list[Item]) -> bool:
    """Whether one of the ranges wants JSON; of several that include it, the closest one decides."""
    wanted = {one.name: _is_wanted(one) for one in reversed(ranges)}
    if any(wanted.get(name) for name in JSON_TYPES):
        return True
    return next((wanted[name] for name in (MEDIA_TYPE, *_RANGES) if name in wanted), False)


def _is_r4(item: Item) -> bool:
    """Whether the FHIR version, where one is named, is the one that is served."""
    return item.parameters.get("fhirversion", FHIR_VERSION) == FHIR_VERSION


def _is_wanted(item: Item) -> bool:
    """Whether the quality value is not 0."""
    return _ZERO.fullmatch(item.parameters.get("q", "1")) is None
