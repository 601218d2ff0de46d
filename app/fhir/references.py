"""Find the references in JSON at any depth (http://hl7.org/fhir/R4/references.html)."""

from __future__ import annotations

import re
from typing import Any

from app.fhir.json import stored

_REFERENCE = b'"reference":"'
"""The beginning of a reference in `json.encoded` JSON. Inside a text, its quotation marks would be escaped."""

_TEXT = re.compile(rb'(?:[^"\\]|\\.)*+')


def references(written: bytes) -> list[str]:
    """Return the `reference` of each Reference in `json.encoded` JSON, in document order."""
    _, *parts = written.split(_REFERENCE)
    return [_reference(part) for part in parts]


def local_references(value: Any) -> set[str]:
    """Return the texts in a JSON value that begin with `#`: they may refer to a contained resource."""
    texts: set[str] = set()
    unread = [value]
    while unread:
        part = unread.pop()
        kind = type(part)
        if kind is str:
            if part.startswith("#"):
                texts.add(part)
        elif kind is dict:
            unread.extend(part.values())
        elif kind is list:
            unread.extend(part)
    return texts


def _reference(rest: bytes) -> str:
    """Return the text up to its closing quotation mark."""
    text = rest[: rest.index(b'"')]
    if b"\\" not in text:
        return text.decode()
    escaped = _TEXT.match(rest)
    return "" if escaped is None else str(stored(f'"{escaped[0].decode()}"'))
