"""All versions of a resource, or of all resources of a type, newest first. Readers of the current version see all."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.reach import HISTORY, Reach
from app.ports import AnyOf, Document, Documents, Order, Position, Query, Range
from app.records.kinds import all_of_type, history
from app.records.paging import PAGE_BYTES, Page, fitting, invalid_page_token, position, position_after, time_limited
from app.records.resources import is_version, past_id, read, version_of
from app.records.shown import shown
from app.search.batches import batches
from app.search.history import HistoryQuery


async def of_instance(
    documents: Documents, reach: Reach, type_: str, id_: str, query: HistoryQuery, *, room: int = PAGE_BYTES
) -> Page:
    """Return a page of the versions of one resource, in order of their numbers, with at most `room` bytes.

    Raises FhirError NOT_FOUND as `read` does, PARAMETER for an invalid page token.
    """
    current = await read(documents, reach, type_, id_)
    newest = version_of(current)
    first = newest if query.page is None else min(newest, _version(position_after(query.page)) - 1)
    numbers = range(first, max(0, first - query.count - 1), -1)
    versions = [current] if newest in numbers else []
    past = [past_id(id_, number) for number in numbers if number < newest]
    for batch in batches(past):
        if fitting(versions, room) != tuple(versions):
            break
        stored = await documents.get_many(history(type_), batch)
        versions += (document for document in stored if reach.sees(document.kind, document.terms))
    since = [document for document in versions if document.updated >= query.since]
    page = _page(reach, since, query.count, room)
    if page.next is None:
        return page
    return Page(page.documents, Position(page.next.key, past_id(id_, version_of(page.documents[-1]))))


async def of_type(
    documents: Documents, reach: Reach, type_: str, query: HistoryQuery, *, room: int = PAGE_BYTES
) -> Page:
    """Return a page of the versions of all resources that the caller sees, in the order of their writing.

    The page has at most `room` bytes. Raises FhirError PARAMETER for an invalid page token, or TOO_COSTLY.
    """
    within = reach.terms(type_)
    if within is None:
        return Page(())
    stored_query = Query(
        type_,
        tuple(AnyOf(name, values) for name, values in within) or (all_of_type(type_),),
        (Range(Order.UPDATED, query.since),) if query.since else (),
        Order.UPDATED,
        descending=True,
        after=None if query.page is None else position_after(query.page),
        limit=query.count + 1,
        room=room,
    )
    # Current versions are read first. A version that becomes history between the reads then appears twice, never not.
    with time_limited():
        versions = await documents.find(stored_query)
        versions += await documents.find(replace(stored_query, kind=history(type_)))
    versions.sort(key=lambda document: (document.updated, document.id), reverse=True)
    unique = {(_resource_id(document), version_of(document)): document for document in versions}
    return _page(reach, list(unique.values()), query.count, room)


def _page(reach: Reach, versions: list[Document], count: int, room: int) -> Page:
    documents = fitting(versions[:count], room)
    end = position(documents[-1], Order.UPDATED) if len(versions) > len(documents) else None
    return Page(tuple(_as_resource(shown(reach, document)) for document in documents), end)


def _as_resource(document: Document) -> Document:
    """Give an earlier version the kind and the id of its resource."""
    return replace(document, kind=document.kind.removesuffix(HISTORY), id=_resource_id(document))


def _resource_id(document: Document) -> str:
    return document.id.partition("/")[0]


def _version(end: Position) -> int:
    """Return the number of the last version on a page."""
    number = end.id.rpartition("/")[2]
    if not is_version(number):
        raise invalid_page_token()
    return int(number)
