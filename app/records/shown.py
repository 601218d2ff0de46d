"""The part of a document that the caller sees. Every read within a Reach must return its documents through `shown`."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.reach import Reach
from app.ports import Document
from app.search.subsets import only, without


def shown(reach: Reach, document: Document) -> Document:
    """Return the document with only the elements that the caller sees; its version and its terms stay."""
    elements, hidden = reach.elements(document.kind), reach.hides(document.kind, document.terms)
    if elements is not None:
        return replace(document, body=only(elements, document.body))
    return document if hidden is None else replace(document, body=without(*hidden, document.body))
