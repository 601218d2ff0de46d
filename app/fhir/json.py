"""Read and write FHIR JSON with exact decimals; reject a body that is ambiguous or beyond the limits.

A quick pass reads a body without faults. Otherwise a second pass (`json_faults`) reads the body again and finds them.
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

    Raises FhirError UNREADABLE with all issues if the body is not UTF-8, not JSON or not an object, is nested deeper
    than MAX_DEPTH or has too many resources. The same holds for a repeated element, a malformed element name, NaN, a
    number out of range, and a text with U+0000 or a lone surrogate. The caller limits the size.
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
        values = [*chain.from_iterable([members.values() for members in objects]), *chain.from_iterable(arrays)]
        objects = [value for value in values if type(value) is dict]
        arrays = [value for value in values if type(value) is list]
    return depth <= MAX_DEPTH and all(map(_is_name, names))


def write(value: object) -> str:
    """Write compact JSON; decimals keep their digits."""
    return encoded(value).decode()


def encoded(value: object) -> bytes:
    """Write as `write` does, in UTF-8. Wrapped in msgspec.Raw, the result can be part of a larger value."""
    return _encoder.encode(value)


def stored(body: str) -> Any:
    """Read JSON that this server wrote; decimals keep their digits."""
    return _decoder.decode(body)


def canonical(value: object) -> bytes:
    """Write with sorted elements: equal content has equal bytes and equal digests."""
    return _canonical_encoder.encode(value)


def _quick(data: bytes) -> Content | None:
    """Read a body without faults; None if the second pass must decide.

    The decoder drops a repeated element, so the value is written again and compared. Only a number with an exponent
    gets longer. Without such numbers, equal length proves that nothing was dropped. Otherwise an equal number of
    quotation marks proves it, unless the body has escaped ones.
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
    except (msgspec.MsgspecError, ValueError, RecursionError):  # writing allows less depth than reading
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
