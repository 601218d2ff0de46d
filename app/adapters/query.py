"""What a query means, the same for every store."""

from __future__ import annotations

from app.ports import Document, Order, Position, Query


def is_empty(query: Query) -> bool:
    """Tell whether nothing can be on this page: no room on it, or a condition that no value meets.

    Raises ValueError for a query without a term, which no store answers.
    """
    if not query.terms:
        raise ValueError(f"a query for {query.kind} needs at least one term")
    return query.limit < 1 or any(not condition.values for condition in query.terms)


def position(document: Document, order: Order) -> Position:
    """Return where the document stands in that order; a page that ended with it goes on from there."""
    return Position(document.created if order is Order.CREATED else document.updated, document.id)
