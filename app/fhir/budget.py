"""Limit the JSON of one body, before the engine checks it and, for most limits, before it is parsed."""

from __future__ import annotations

from app.fhir.outcome import Fault, FhirError, Issue

MOST_VALUES = 200_000
MOST_ENTRIES = 500
MOST_RESOURCES = 5000
"""Resources of a body, contained ones included. The engine needs as much time for one as for dozens of values."""

_RESOURCE = b'"resourceType":'

_SMALL = 2 * MOST_VALUES
"""A shorter body cannot have too many values: each needs a character of its own and a comma or a bracket."""

_MOST_QUOTES = 4 * MOST_VALUES
"""The quotation marks of MOST_VALUES texts with names."""

_MOST_MARKS = 2 * MOST_VALUES
"""Tags and entities of all narratives. The XHTML parser takes one step for each, and two for an attribute."""

_MARKS = (b"<", b"&", b"\\u002", b"\\u003")
"""The beginnings of a tag or an entity, JSON escapes included."""

_ATTRIBUTES = (b"=", b"\\u003d", b"\\u003D")
"""The equals sign of an attribute, JSON escapes included."""

_TOO_MANY_MARKS = (
    f"The narratives of a body must not have more than {_MOST_MARKS:,} tags and entities; an attribute counts as two."
)
_TOO_MANY_VALUES = f"The body must not have more than {MOST_VALUES:,} JSON values."
_TOO_MANY_RESOURCES = f"The body must not have more than {MOST_RESOURCES:,} resources, contained ones included."
_TOO_MANY_ENTRIES = f"A Bundle must not have more than {MOST_ENTRIES} entries."


def check_values(data: bytes) -> None:
    """Reject a body with too many JSON values, tags or entities. Raises FhirError UNREADABLE."""
    if len(data) < _SMALL:
        return
    if sum(map(data.count, _MARKS)) + 2 * sum(map(data.count, _ATTRIBUTES)) > _MOST_MARKS:
        raise FhirError(Fault.UNREADABLE, Issue(_TOO_MANY_MARKS, code="too-costly"))
    if _structure(data) < MOST_VALUES:
        return
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    if bare.count(b'"') > _MOST_QUOTES or _values(bare) > MOST_VALUES:
        raise FhirError(Fault.UNREADABLE, Issue(_TOO_MANY_VALUES, code="too-costly"))


def check_entries(count: int) -> None:
    """Reject a Bundle with too many entries. Raises FhirError UNREADABLE."""
    if count > MOST_ENTRIES:
        raise FhirError(Fault.UNREADABLE, Issue(_TOO_MANY_ENTRIES, "Bundle.entry", "too-costly"))


def check_resources(written: bytes) -> None:
    """Reject a body, written by `json.canonical`, with too many resources. Raises FhirError UNREADABLE."""
    if len(written) > len(_RESOURCE) * MOST_RESOURCES and written.count(_RESOURCE) > MOST_RESOURCES:
        raise FhirError(Fault.UNREADABLE, Issue(_TOO_MANY_RESOURCES, code="too-costly"))


def _structure(data: bytes) -> int:
    """Count the characters before a value. Those inside texts count too, so the result is never too low."""
    return data.count(b",") + data.count(b"[") + data.count(b"{")


def _values(bare: bytes) -> int:
    """Count the values of JSON that has no escaped quotation marks. Each text shrinks to one quotation mark."""
    outside = b'"'.join(bare.split(b'"')[::2]).translate(None, b" \t\r\n")
    return 1 + _structure(outside) - outside.count(b"[]") - outside.count(b"{}")
