"""Read the billing claims of a period page by page, with the facts that figures need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, time, timedelta, tzinfo
from math import inf

from msgspec import Struct

from app.domain.bill.bill import Bill, BillState
from app.domain.denials.row import BillRow
from app.domain.denials.tally import DenialTally
from app.domain.metrics.report import Span
from app.fhir.instants import sortable
from app.ports import Documents, Position
from app.records.bills.bills import StoredBill, bills_of_claims, bills_of_payer

_ENDED = frozenset({BillState.REPLACED, BillState.VOIDED})
_ONE_DAY = timedelta(days=1)


class BillPage(Struct, frozen=True):
    """The bills of the period in a page; `next` is None on the last page."""

    rows: tuple[BillRow, ...]
    next: Position | None


async def bill_tally(documents: Documents, span: Span, zone: tzinfo, most: float = inf) -> DenialTally:
    """Add up the bills of the period; with more than `most`, up to the page that has them."""
    tally = DenialTally(span)
    async for page in bill_pages(documents, span, zone):
        for row in page.rows:
            tally.add(row)
        if tally.bills > most:
            break
    return tally


async def bill_pages(
    documents: Documents, span: Span, zone: tzinfo, position: Position | None = None
) -> AsyncIterator[BillPage]:
    """Yield the bills that the payer received in the days of a time zone, oldest first, from a position on."""
    first, last = span.days
    low, high = (sortable(datetime.combine(day, time(), zone)) for day in (first, last + _ONE_DAY))
    while True:
        page, more = await bills_of_payer(documents, span.payer, low, high, position)
        yield BillPage(tuple(await _rows(documents, page)), more)
        if more is None:
            return
        position = more
        await asyncio.sleep(0)  # reads of SQLite do not wait, so that others would not come in between


async def _rows(documents: Documents, page: Iterable[StoredBill]) -> Iterable[BillRow]:
    stored_bills = list(page)
    later = await bills_of_claims(documents, [one.bill.replaced_by for one in stored_bills if one.bill.replaced_by])
    return [_row(stored, later) for stored in stored_bills]


def _row(stored: StoredBill, later: dict[str, Bill]) -> BillRow:
    """Return the row of a bill. Each version after the first is another answer, or its end."""
    bill = stored.bill
    answers = stored.document.version - (bill.state in _ENDED)
    replacement = later.get(bill.replaced_by or "")
    return BillRow(bill, answers == 1, None if replacement is None else replacement.received)
