"""Compute the parts of a query that all stores share: emptiness, keys, positions, bounds and pages."""

from __future__ import annotations

from collections.abc import Iterable

from app.ports import Bounds, Document, Insert, Order, Position, Query, Replace, Write

SEARCH_SECONDS = 2.0
"""The longest time of a search."""


def is_empty(query: Query) -> bool:
    """Return whether the page must be empty: its limit is 0, or a condition has no values.

    Raises ValueError for a query without terms.
    """
    if not query.terms:
        raise ValueError(f"a query for {query.kind} needs at least one term")
    return query.limit < 1 or any(not condition.values for condition in query.terms)


def key_of(write: Write) -> tuple[str, str]:
    """Return the kind and the id of the document of a write."""
    subject = write.document if isinstance(write, Insert | Replace) else write
    return subject.kind, subject.id


def position(document: Document, order: Order) -> Position:
    """Return the document's position in that order, where the page after it starts."""
    return Position(document.created if order is Order.CREATED else document.updated, document.id)


def bounds_of_order(query: Query) -> list[Bounds]:
    """Return the bounds of the query's order key; a document must lie within at least one of them."""
    spans: list[Bounds] = [(None, None)]
    for limits in query.ranges:
        if limits.name == query.order:
            spans = [both for first in spans for other in limits.spans if (both := _intersection(first, other))]
    return spans


def _intersection(first: Bounds, other: Bounds) -> Bounds | None:
    """Return the bounds of the intersection; None if it is empty."""
    low = max(first[0] or "", other[0] or "") or None
    highs = [high for _, high in (first, other) if high is not None]
    high = min(highs, default=None)
    return None if high is not None and (low or "") >= high else (low, high)


class Filling:
    """A page under construction, with `room` for the bytes of its bodies."""

    def __init__(self, room: int | None) -> None:
        self.documents: list[Document] = []
        self._room = room
        self._size = 0

    def add(self, document: Document) -> bool:
        """Add the document; return whether the page has room for another."""
        self.documents.append(document)
        self._size += document.size
        return self._room is None or self._size <= self._room or len(self.documents) == 1


def filled(documents: Iterable[Document], room: int | None) -> list[Document]:
    """Return the documents that fit on a page with that room."""
    page = Filling(room)
    for document in documents:
        if not page.add(document):
            break
    return page.documents
