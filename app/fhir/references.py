"""The References in JSON, however deep, found in its text (http://hl7.org/fhir/R4/references.html)."""

from __future__ import annotations

import re
from typing import Any

from app.fhir.json import stored

_REFERENCE = b'"reference":"'
"""As `json.encoded` begins one; within a text, the quotation mark before the colon would have a backslash."""

_TEXT = re.compile(rb'(?:[^"\\]|\\.)*+')


def references(written: bytes) -> list[str]:
    """Return the `reference` of every Reference in JSON that is `encoded`, in the order in which they stand there."""
    _, *begun = written.split(_REFERENCE)
    return [_reference(rest) for rest in begun]


def local_references(value: Any) -> set[str]:
    """Return the texts in a JSON value that may refer to a contained resource: those that begin with `#`."""
    found: set[str] = set()
    unread = [value]
    while unread:
        part = unread.pop()
        kind = type(part)
        if kind is str:
            if part.startswith("#"):
                found.add(part)
        elif kind is dict:
            unread.extend(part.values())
        elif kind is list:
            unread.extend(part)
    return found


def _reference(rest: bytes) -> str:
    """Return the text that a Reference's own begins with, up to the quotation mark that ends it."""
    text = rest[: rest.index(b'"')]
    if b"\\" not in text:
        return text.decode()
    found = _TEXT.match(rest)
    return "" if found is None else str(stored(f'"{found[0].decode()}"'))
