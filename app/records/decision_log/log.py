"""Read the log of decisions page by page, so that a year of requests never is in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.domain.metrics.act import LoggedAct
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Order, Position, Query, Range
from app.records.decision_log.terms import APPEALED, EVENT_KIND
from app.records.scan import COUNTED_PAGE, PAGE, pages

_decoder = msgspec.json.Decoder(LoggedAct)


class LogPage(Struct, frozen=True):
    """Acts that received or decided a request, oldest first; `next` is None on the last page."""

    acts: tuple[LoggedAct, ...]
    next: Position | None


async def log_page(
    documents: Documents, payer: str, term: str, times: tuple[datetime, datetime], after: Position | None
) -> LogPage:
    """Read the acts of a payer with a term (RECEIVED or DETERMINED) from a time until before another."""
    low, high = map(sortable, times)
    within = (Range(Order.CREATED, low, high),)
    page = await documents.find(Query(EVENT_KIND, (AnyOf(term, (payer,)),), within, after=after, limit=COUNTED_PAGE))
    more = Position(page[-1].created, page[-1].id) if len(page) == COUNTED_PAGE else None
    return LogPage(tuple(map(_act, page)), more)


async def acts_by_request(
    documents: Documents, requests: Collection[str], before: datetime
) -> dict[str, Sequence[LoggedAct]]:
    """Read all acts on requests before a moment, oldest first, by the id of the request."""
    acts = defaultdict(list)
    for act in await _acts(documents, "subject", requests, before):
        acts[act.subject].append(act)
    return dict(acts)


async def appeals_of(documents: Documents, requests: Collection[str], before: datetime) -> tuple[LoggedAct, ...]:
    """Read the receipts of the appeals of requests before a moment."""
    return await _acts(documents, APPEALED, requests, before)


async def _acts(documents: Documents, term: str, values: Collection[str], before: datetime) -> tuple[LoggedAct, ...]:
    if not values:
        return ()
    within = (Range(Order.CREATED, None, sortable(before)),)
    query = Query(EVENT_KIND, (AnyOf(term, tuple(values)),), within, limit=PAGE)
    return tuple([_act(document) async for document in pages(documents, query)])


def _act(document: Document) -> LoggedAct:
    return replace(_decoder.decode(document.body), id=document.id)
