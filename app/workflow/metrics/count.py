"""Count the requests of a period from the log of decisions, page by page."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from math import inf

from msgspec import Struct

from app.domain.metrics.act import LoggedAct
from app.domain.metrics.counted import CountedRequest, counted
from app.domain.metrics.report import CountedBy, Span, Tally
from app.ports import Documents, Position
from app.records.decision_log.log import acts_by_request, appeals_of, log_page
from app.records.decision_log.terms import DETERMINED, RECEIVED

_TERMS = {CountedBy.RECEIVED: RECEIVED, CountedBy.DETERMINED: DETERMINED}
_ZONES = timedelta(days=1)
"""A day of a payer's calendar begins and ends less than a day before or after that of UTC."""

_DEEPEST = 8
"""Appeals of appeals that are followed; the payers' rules allow fewer."""


class CountedPage(Struct, frozen=True):
    """The requests of the period in a page of the log; `next` is None on the last page."""

    requests: tuple[CountedRequest, ...]
    next: Position | None


async def tally_of(documents: Documents, span: Span, most: float = inf) -> Tally:
    """Add up the requests of the period; with more than `most`, up to the page that has them."""
    tally = Tally(span)
    async for page in counted_pages(documents, span):
        for request in page.requests:
            tally.add(request)
        if tally.requests > most:
            break
    return tally


async def counted_pages(documents: Documents, span: Span, after: Position | None = None) -> AsyncIterator[CountedPage]:
    """Yield the requests of the period, in the order of the log, from a position on."""
    while True:
        page = await log_page(documents, span.payer, _TERMS[span.counted_by], _times(span), after)
        rows = await _counted(documents, [act.subject for act in page.acts], span.as_of)
        requests = (rows[act.subject] for act in page.acts if _is_first(act, rows[act.subject], span))
        yield CountedPage(tuple(request for request in requests if span.includes(request)), page.next)
        if page.next is None:
            return
        after = page.next
        await asyncio.sleep(0)  # reads of SQLite do not wait, so that others would not come in between


def _is_first(act: LoggedAct, request: CountedRequest, span: Span) -> bool:
    """Return whether the act puts the request into the period: a request is decided more than once by updates."""
    return span.counted_by is CountedBy.RECEIVED or act.id == request.act


def _times(span: Span) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(day, time(), UTC) for day in span.days)
    return first - _ZONES, min(last + 2 * _ZONES, span.as_of)


async def _counted(
    documents: Documents, requests: Collection[str], before: datetime, depth: int = 0
) -> Mapping[str, CountedRequest]:
    """Return the rows of requests with those of their appeals, and of the appeals of these."""
    acts = await acts_by_request(documents, dict.fromkeys(requests), before)
    receipts = await appeals_of(documents, dict.fromkeys(requests), before) if depth < _DEEPEST else ()
    rows = await _counted(documents, [act.subject for act in receipts], before, depth + 1) if receipts else {}
    appeals: defaultdict[str, list[CountedRequest]] = defaultdict(list)
    for act in receipts:
        if act.request is not None and act.request.appealed is not None:
            appeals[act.request.appealed].append(rows[act.subject])
    return {id_: counted(own, appeals[id_]) for id_, own in acts.items()}
