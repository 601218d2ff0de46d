"""What a caller sees of a document in its reach: every read by a Reach returns its documents through here."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.reach import Reach
from app.ports import Document
from app.search.subsets import only


def shown(reach: Reach, document: Document) -> Document:
    """Return the document with the elements that the caller sees. Its version and its terms stay."""
    elements = reach.elements(document.kind)
    return document if elements is None else replace(document, body=only(elements, document.body))
