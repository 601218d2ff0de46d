"""The part of a document that the caller sees. Every read within a Reach must return its documents through `shown`."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.reach import Reach
from app.ports import Document
from app.search.subsets import only


def shown(reach: Reach, document: Document) -> Document:
    """Return the document with only the elements that the caller sees; its version and its terms stay."""
    elements = reach.elements(document.kind)
    return document if elements is None else replace(document, body=only(elements, document.body))
