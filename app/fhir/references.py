"""The References in JSON, however deep, found in its text (http://hl7.org/fhir/R4/references.html)."""

from __future__ import annotations

import re
from typing import Any

from app.fhir.json import stored, write

_REFERENCE = re.compile(r'"reference":("(?:[^"\\]|\\.)*+")')
"""As `json.write` writes it; within a text, the quotation mark before the colon would have a backslash."""


def references(value: Any) -> list[str]:
    """Return the `reference` of every Reference in JSON, in the order of its text."""
    found = _REFERENCE.findall(write(value))
    return [stored(text) if "\\" in text else text[1:-1] for text in found]


def refers(value: Any) -> bool:
    """Whether JSON holds a Reference that has a `reference`."""
    return _REFERENCE.search(write(value)) is not None
