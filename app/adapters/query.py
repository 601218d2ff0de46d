"""What a query means, the same for every store."""

from __future__ import annotations

from collections.abc import Iterable

from app.ports import Bounds, Document, Insert, Order, Position, Query, Replace, Write

SEARCH_SECONDS = 2.0
"""How long a search may take."""


def is_empty(query: Query) -> bool:
    """Tell whether nothing can be on this page: no room on it, or a condition that no value meets.

    Raises ValueError for a query without a term, which no store answers.
    """
    if not query.terms:
        raise ValueError(f"a query for {query.kind} needs at least one term")
    return query.limit < 1 or any(not condition.values for condition in query.terms)


def key_of(write: Write) -> tuple[str, str]:
    """Return the kind and the id of the document that is written or checked."""
    subject = write.document if isinstance(write, Insert | Replace) else write
    return subject.kind, subject.id


def position(document: Document, order: Order) -> Position:
    """Return where the document stands in that order; a page that ended with it goes on from there."""
    return Position(document.created if order is Order.CREATED else document.updated, document.id)


def bounds_of_order(query: Query) -> list[Bounds]:
    """Return the bounds of the order key in the query's order, of which a document must be within one."""
    found: list[Bounds] = [(None, None)]
    for limits in query.ranges:
        if limits.name == query.order:
            found = [both for one in found for other in limits.spans if (both := _both(one, other)) is not None]
    return found


def _both(one: Bounds, other: Bounds) -> Bounds | None:
    """Return the bounds of what is within both, None if nothing is."""
    low = max(one[0] or "", other[0] or "") or None
    highs = [high for _, high in (one, other) if high is not None]
    high = min(highs, default=None)
    return None if high is not None and (low or "") >= high else (low, high)


class Filling:
    """The documents of a page, taken one by one while there is room."""

    def __init__(self, room: int | None) -> None:
        self.documents: list[Document] = []
        self._room = room
        self._size = 0

    def add(self, document: Document) -> bool:
        """Take the document, and return whether the page takes another."""
        self.documents.append(document)
        self._size += document.size
        return self._room is None or self._size <= self._room or len(self.documents) == 1


def filled(documents: Iterable[Document], room: int | None) -> list[Document]:
    """Return the documents of a page with that room."""
    page = Filling(room)
    for document in documents:
        if not page.add(document):
            break
    return page.documents
