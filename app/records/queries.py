"""A caller's search as a query of the store."""

from __future__ import annotations

from app.access.reach import Terms
from app.ports import AnyOf, Order, Query, Range
from app.records.joined import joined_condition
from app.records.kinds import all_of_type
from app.records.paging import position_after
from app.search.parameters import Search, comparable_value


def query_of(search: Search, within: Terms, room: int) -> Query:
    """Return the query for one document more than the page; `within` are the terms of the caller's Reach.

    Raises FhirError PARAMETER for an invalid page token.
    """
    conditions = (
        AnyOf(name, tuple(comparable_value(name, value) for value in values)) for name, values in search.conditions
    )
    terms = (*(AnyOf(name, values) for name, values in within), *conditions)
    joined = joined_condition(search.type, terms)
    if joined is not None:
        terms = (joined, *terms)
    return Query(
        search.type,
        terms or (all_of_type(search.type),),
        tuple(Range(*span) for span in search.ranges),
        Order(search.order),
        search.descending,
        position_after(search.page) if search.page else None,
        search.count + 1,
        room,
    )
