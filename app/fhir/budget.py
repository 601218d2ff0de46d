"""How much JSON one body may hold, found out before the body is checked, and most of it before it is read."""

from __future__ import annotations

from app.fhir.outcome import Fault, FhirError, Issue

MOST_VALUES = 200_000
MOST_ENTRIES = 500
MOST_RESOURCES = 5000
"""Resources of a body, with those in others: each costs the engine as much as some dozen values."""

_RESOURCE = b'"resourceType":'

_SMALL = 2 * MOST_VALUES
"""A shorter body cannot hold too many values: each takes a character of its own and a comma or a bracket."""

_MOST_QUOTES = 4 * MOST_VALUES
"""Quotation marks of as many values, if each is a text with a name."""

_MOST_MARKS = 2 * MOST_VALUES
"""Tags and entities of all narratives: the parser of XHTML takes a step for each, and two for an attribute."""

_MARKS = (b"<", b"&", b"\\u002", b"\\u003")
"""What begins a tag or an entity, also as an escape of JSON."""

_ATTRIBUTES = (b"=", b"\\u003d", b"\\u003D")
"""What every attribute has, also as an escape of JSON."""

_TOO_MANY_MARKS = (
    f"The narratives of a body must not have more than {_MOST_MARKS:,} tags and entities; an attribute counts as two."
)
_TOO_MANY_VALUES = f"The body must not have more than {MOST_VALUES:,} JSON values."
_TOO_MANY_RESOURCES = f"The body must not have more than {MOST_RESOURCES:,} resources, contained ones included."
_TOO_MANY_ENTRIES = f"A Bundle must not have more than {MOST_ENTRIES} entries."


def check_values(data: bytes) -> None:
    """Refuse a body of too many JSON values, or marks of XHTML in its texts. Raises FhirError UNREADABLE."""
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
    """Refuse a Bundle of too many entries. Raises FhirError UNREADABLE."""
    if count > MOST_ENTRIES:
        raise FhirError(Fault.UNREADABLE, Issue(_TOO_MANY_ENTRIES, "Bundle.entry", "too-costly"))


def check_resources(written: bytes) -> None:
    """Refuse a body of too many resources, as `canonical` writes it. Raises FhirError UNREADABLE."""
    if len(written) > len(_RESOURCE) * MOST_RESOURCES and written.count(_RESOURCE) > MOST_RESOURCES:
        raise FhirError(Fault.UNREADABLE, Issue(_TOO_MANY_RESOURCES, code="too-costly"))


def _structure(data: bytes) -> int:
    """Count the characters in front of a value; those in texts make it too many, never too few."""
    return data.count(b",") + data.count(b"[") + data.count(b"{")


def _values(bare: bytes) -> int:
    """Count the values of JSON without escapes of quotation marks: its texts are left out, one mark stays of each."""
    outside = b'"'.join(bare.split(b'"')[::2]).translate(None, b" \t\r\n")
    return 1 + _structure(outside) - outside.count(b"[]") - outside.count(b"{}")
