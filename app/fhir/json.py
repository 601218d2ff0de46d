"""FHIR JSON in and out: what arrives is bounded and unambiguous or refused, and decimals stay as they were written.

A quick pass reads what is in order; only where it says no does the second pass (`json_faults`) read again and say why.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from app.fhir.json_faults import MAX_DEPTH, NAME, diagnosed, exact

_NAMES_REMEMBERED = 4096

_decoder = msgspec.json.Decoder(float_hook=exact)
_encoder = msgspec.json.Encoder(decimal_format="number")
_canonical_encoder = msgspec.json.Encoder(decimal_format="number", order="sorted")


def read(data: bytes) -> dict[str, Any]:
    """Read one JSON object (http://hl7.org/fhir/R4/json.html); numbers with a point or exponent become exact Decimals.

    Raises FhirError UNREADABLE, with all that is wrong, for: not UTF-8 or not JSON, not an object, deeper than 128, an
    element twice in one object, NaN, a number out of range, a lone surrogate or U+0000 in a text, an element name that
    FHIR has no use for. The caller bounds the size.
    """
    resource = _quick(data)
    return diagnosed(data) if resource is None else resource


def write(value: object) -> str:
    """Write as compact JSON, decimals as the numbers they were read from."""
    return _encoder.encode(value).decode()


def stored(body: str) -> dict[str, Any]:
    """Read a resource that this server wrote, decimals as they were written."""
    resource: dict[str, Any] = _decoder.decode(body)
    return resource


def canonical(value: object) -> bytes:
    """Write with the elements of every object in one order, so that equal content has equal bytes (and digests)."""
    return _canonical_encoder.encode(value)


def _quick(data: bytes) -> dict[str, Any] | None:
    """Read what is plainly in order; None means: look again.

    A repeated name is noticed by writing the value back: what the decoder dropped took its quotation marks with it.
    That holds as long as no escape makes a quotation mark, and U+0000 comes by an escape only, so a text with one of
    these two escapes takes the second pass.
    """
    if b"\\u00" in data and (b"\\u0000" in data or b"\\u0022" in data):
        return None
    try:
        value = _decoder.decode(data)
        written = _encoder.encode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or written.count(b'"') != data.count(b'"'):
        return None
    return value if _shapely(value) else None


def _shapely(value: dict[str, Any]) -> bool:
    """Whether depth and names are within bounds, level by level."""
    level: list[Any] = [value]
    names: set[str] = set()
    depth = 0
    while level:
        depth += 1
        below: list[Any] = []
        for container in level:
            children = container
            if type(container) is dict:
                names.update(container)
                children = container.values()
            below += [child for child in children if type(child) is dict or type(child) is list]
        level = below
    return depth <= MAX_DEPTH and all(map(_is_name, names))


@lru_cache(_NAMES_REMEMBERED)
def _is_name(name: str) -> bool:
    return NAME.fullmatch(name) is not None
