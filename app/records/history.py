"""All versions of a resource, and of all resources of a type: newest first, for whoever sees the current version."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.reach import HISTORY, Reach
from app.ports import AnyOf, Document, Documents, Order, Position, Query, Range
from app.records.kinds import everything, history
from app.records.paging import PAGE_BYTES, Page, fitting, in_time, position, position_after, refused_token
from app.records.resources import is_version, past_id, read, version_of
from app.records.shown import shown
from app.search.batches import batches
from app.search.history import HistoryQuery


async def of_instance(
    documents: Documents, reach: Reach, type_: str, id_: str, asked: HistoryQuery, *, room: int = PAGE_BYTES
) -> Page:
    """Return a page of the versions of one resource, by their numbers; it ends before its text exceeds `room`.

    Raises FhirError NOT_FOUND as `read` does, PARAMETER for a page token that is not one of ours.
    """
    current = await read(documents, reach, type_, id_)
    newest = version_of(current)
    first = newest if asked.page is None else min(newest, _version(position_after(asked.page)) - 1)
    numbers = range(first, max(0, first - asked.count - 1), -1)
    found = [current] if newest in numbers else []
    past = [past_id(id_, number) for number in numbers if number < newest]
    for batch in batches(past):
        if fitting(found, room) != tuple(found):
            break
        found += await documents.get_many(history(type_), batch)
    since = [document for document in found if document.updated >= asked.since]
    page = _page(reach, since, asked.count, room)
    if page.next is None:
        return page
    return Page(page.documents, Position(page.next.key, past_id(id_, version_of(page.documents[-1]))))


async def of_type(
    documents: Documents, reach: Reach, type_: str, asked: HistoryQuery, *, room: int = PAGE_BYTES
) -> Page:
    """Return a page of the versions of all resources that the caller sees, by the time they were written.

    It ends before its text exceeds `room`. Raises FhirError PARAMETER for a page token that is not one of ours, or
    TOO_COSTLY.
    """
    within = reach.terms(type_)
    if within is None:
        return Page(())
    query = Query(
        type_,
        tuple(AnyOf(name, values) for name, values in within) or (everything(type_),),
        (Range(Order.UPDATED, asked.since),) if asked.since else (),
        Order.UPDATED,
        descending=True,
        after=None if asked.page is None else position_after(asked.page),
        limit=asked.count + 1,
        room=room,
    )
    # The current versions first: one that is replaced meanwhile is found twice then, and not missed.
    with in_time():
        found = [*await documents.find(query), *await documents.find(replace(query, kind=history(type_)))]
    found.sort(key=lambda document: (document.updated, document.id), reverse=True)
    once = {(_resource_id(document), version_of(document)): document for document in found}
    return _page(reach, list(once.values()), asked.count, room)


def _page(reach: Reach, found: list[Document], count: int, room: int) -> Page:
    fits = fitting(found[:count], room)
    end = position(fits[-1], Order.UPDATED) if len(found) > len(fits) else None
    parts = (shown(reach, document) for document in fits)
    return Page(tuple(replace(one, kind=one.kind.removesuffix(HISTORY), id=_resource_id(one)) for one in parts), end)


def _resource_id(document: Document) -> str:
    return document.id.partition("/")[0]


def _version(end: Position) -> int:
    """Return the version that a page ended with."""
    number = end.id.rpartition("/")[2]
    if not is_version(number):
        raise refused_token()
    return int(number)
