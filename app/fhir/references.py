"""The References in JSON, however deep, found in its text (http://hl7.org/fhir/R4/references.html)."""

from __future__ import annotations

import re
from typing import Any

from app.fhir.json import stored, write

_REFERENCE = '"reference":"'
"""As `json.write` begins one; within a text, the quotation mark before the colon would have a backslash."""

_TEXT = re.compile(r'(?:[^"\\]|\\.)*+')


def references(value: Any) -> list[str]:
    """Return the `reference` of every Reference in JSON, in the order of its text."""
    _, *begun = write(value).split(_REFERENCE)
    return [_reference(rest) for rest in begun]


def refers(value: Any) -> bool:
    """Whether JSON holds a Reference that has a `reference`."""
    return _REFERENCE in write(value)


def _reference(rest: str) -> str:
    """Return the text that a Reference's own begins with, up to the quotation mark that ends it."""
    text = rest[: rest.index('"')]
    if "\\" not in text:
        return text
    found = _TEXT.match(rest)
    return "" if found is None else str(stored(f'"{found[0]}"'))
