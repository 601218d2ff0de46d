"""FHIR JSON in and out: what arrives is bounded and unambiguous or refused, and decimals stay as they were written.

A quick pass reads what is in order; only where it says no does the second pass (`json_faults`) read again and say why.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from app.fhir.budget import check_resources
from app.fhir.json_faults import MAX_DEPTH, NAME, diagnosed, exact, without_exponent

_NAMES_REMEMBERED = 4096
_NUL, _QUOTE = b"\\u0000", b"\\u0022"

_decoder = msgspec.json.Decoder(float_hook=exact)
_quick_decoder = msgspec.json.Decoder(float_hook=without_exponent)
_encoder = msgspec.json.Encoder(decimal_format="number")
_canonical_encoder = msgspec.json.Encoder(decimal_format="number", order="sorted")


class Content(NamedTuple):
    """A resource as read, and its elements by name, each as `canonical` writes it."""

    resource: dict[str, Any]
    elements: dict[str, msgspec.Raw]


def read(data: bytes) -> dict[str, Any]:
    """Read one JSON object (http://hl7.org/fhir/R4/json.html); numbers with a point or exponent become exact Decimals.

    Raises FhirError UNREADABLE, with all that is wrong, for: not UTF-8 or not JSON, not an object, deeper than
    MAX_DEPTH, an element twice in one object, NaN, a number out of range, a lone surrogate or U+0000 in a text, an
    element name that FHIR has no use for, too many resources. The caller bounds the size.
    """
    content = _quick(data)
    if content is None or not within_bounds(content.resource):
        content = _diagnosed(data)
    return content.resource


def parsed(data: bytes) -> Content:
    """Read as `read` does, but do not check depth and names. Callers use `body.read_for_engine`."""
    return _quick(data) or _diagnosed(data)


def within_bounds(resource: dict[str, Any]) -> bool:
    """Return whether depth and names are within the bounds of `read`. Each level is checked at once."""
    objects: list[dict[str, Any]] = [resource]
    arrays: list[list[Any]] = []
    names: set[str] = set()
    depth = 0
    while objects or arrays:
        depth += 1
        names.update(*objects)
        below = [*chain.from_iterable([one.values() for one in objects]), *chain.from_iterable(arrays)]
        objects = [one for one in below if type(one) is dict]
        arrays = [one for one in below if type(one) is list]
    return depth <= MAX_DEPTH and all(map(_is_name, names))


def write(value: object) -> str:
    """Write as compact JSON, decimals as the numbers they were read from."""
    return encoded(value).decode()


def encoded(value: object) -> bytes:
    """Write as `write` does, in UTF-8; as msgspec.Raw it can be part of something else that is written."""
    return _encoder.encode(value)


def stored(body: str) -> Any:
    """Read what this server wrote, decimals as they were written."""
    return _decoder.decode(body)


def canonical(value: object) -> bytes:
    """Write with the elements of every object in one order, so that equal content has equal bytes (and digests)."""
    return _canonical_encoder.encode(value)


def _quick(data: bytes) -> Content | None:
    """Read what is plainly in order; None means: look again.

    A repeated name is noticed by writing the value again: what the decoder dropped is missing then. Nothing but a
    number with an exponent is written longer than it came, so without one, and without a byte missing, nothing was
    dropped. Else the quotation marks must be as many as came, which says the same as long as no escape makes one.
    """
    content, has_exponents = _decoded(_quick_decoder, data), False
    if content is None:
        content, has_exponents = _decoded(_decoder, data), True
    if content is None or _contains_escape(_NUL, data):
        return None
    written = canonical(content.elements)
    check_resources(written)
    if len(written) == len(data) and not has_exponents:
        return content
    return content if not _contains_escape(_QUOTE, data) and written.count(b'"') == data.count(b'"') else None


def _decoded(decoder: msgspec.json.Decoder[Any], data: bytes) -> Content | None:
    try:
        value = decoder.decode(data)
        return _written(value) if isinstance(value, dict) else None
    except (msgspec.MsgspecError, ValueError, RecursionError):  # what can just be read may be too deep to be written
        return None


def _written(resource: dict[str, Any]) -> Content:
    return Content(resource, {name: msgspec.Raw(canonical(value)) for name, value in resource.items()})


def _diagnosed(data: bytes) -> Content:
    content = _written(diagnosed(data))
    check_resources(canonical(content.elements))
    return content


def _contains_escape(escape: bytes, data: bytes) -> bool:
    """Return whether a body contains an escape. `rfind` takes half the time of `in`."""
    return data.rfind(escape) >= 0


@lru_cache(_NAMES_REMEMBERED)
def _is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None
