"""A search of a caller as a query of the store."""

from __future__ import annotations

from app.access.reach import Terms
from app.ports import AnyOf, Order, Query, Range
from app.records.kinds import alike, everything
from app.records.paging import position_after
from app.search.parameters import Search


def query_of(search: Search, within: Terms, room: int) -> Query:
    """Return the query for one document more than the page has; `within` is who may see what is found.

    Raises FhirError PARAMETER for a page token that is not one of ours.
    """
    asked = (AnyOf(name, tuple(alike(name, value) for value in values)) for name, values in search.conditions)
    terms = (*(AnyOf(name, values) for name, values in within), *asked)
    return Query(
        search.type,
        terms or (everything(search.type),),
        tuple(Range(*span) for span in search.ranges),
        Order(search.order),
        search.descending,
        position_after(search.page) if search.page else None,
        search.count + 1,
        room,
    )
