"""Answer bills again when a request is decided: lines that waited for it, or that were denied because of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

from msgspec.structs import replace

from app.audit.access import server_actor
from app.domain.adjudication.adjudicate import adjudicate
from app.domain.bill.again import lines_again, with_remarks
from app.log import get_logger
from app.ports import Conflict, StoreUnavailable
from app.records import authorizations
from app.records.bills.bills import bill_of_claim, bills_of_authorizations
from app.records.views.responses import responses_of
from app.records.waiting.reopened import reopened_rows
from app.workflow.bills.answered_again import Reopened, answered_again
from app.workflow.bills.facts import billing_facts
from app.workflow.bills.payer_records import party_of, records_of_bill
from app.workflow.changes import Change
from app.workflow.contention import retried
from app.workflow.system import System

PAGE = 50
PAUSE_AFTER_FAILURE = timedelta(minutes=1)


async def finish_bills(system: System) -> bool:
    """Answer the bills of the oldest decisions again; return whether more may wait.

    A decision whose bills cannot be answered waits for a minute, so that it holds no other.
    """
    rows = await reopened_rows(system.documents, system.clock.now(), PAGE)
    for row in rows:
        try:
            await finish_bills_of(system, row.body)
            await _commit(system, Change(deleted=(row,)))
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one decision must not hold the others
            get_logger().error("bills not answered again", authorization=row.body, exc_info=True)
            await _commit(system, Change(postponed=((row, system.clock.now() + PAUSE_AFTER_FAILURE),)))
    return len(rows) == PAGE


async def finish_bills_soon(system: System, authorization_id: str) -> None:
    """Answer the bills of an authorization again at once; if that fails, the worker does it later."""
    try:
        await finish_bills_of(system, authorization_id)
    except Exception:  # noqa: BLE001 - the decision is made, and its row waits for the worker
        get_logger().warning("bills are answered later", authorization=authorization_id, exc_info=True)


async def finish_bills_of(system: System, authorization_id: str) -> None:
    """Answer the bills of an authorization again, the oldest first, one commit each."""
    stored = await authorizations.by_id(system.documents, authorization_id)
    if stored is None:
        return
    appealed = stored.authorization.appealed
    linked = [authorization_id] if appealed is None else [authorization_id, appealed.id]
    for bill in await bills_of_authorizations(system.documents, linked):
        if bill.bill.is_in_force and bill.bill.open_claim is not None:
            async with system.contention.turn([bill.bill.id, *linked]):
                await retried(partial(_finish, system, bill.bill.id, authorization_id))


async def _finish(system: System, bill_id: str, authorization_id: str) -> None:
    stored = await bill_of_claim(system.documents, bill_id)
    decided = await authorizations.by_id(system.documents, authorization_id)
    if stored is None or decided is None or not stored.bill.is_in_force or stored.bill.open_claim is None:
        return
    bill, open_claim = stored.bill, stored.bill.open_claim
    again = lines_again(bill, open_claim, decided.authorization)
    on_record = await records_of_bill(system, bill, open_claim, decided) if again else None
    if on_record is None:
        return
    facts = replace(
        billing_facts(system, open_claim.claim, on_record, bill.received),
        kept={line.number: line for line in open_claim.lines if line.number not in again},
        decided=(decided.authorization,) if party_of(bill, open_claim).takes_part(decided.document) else (),
    )
    adjudication = with_remarks(open_claim, adjudicate(open_claim.claim, facts))
    if adjudication.lines != open_claim.lines:
        reopened = Reopened(
            stored,
            open_claim,
            on_record,
            decided,
            await responses_of(system.documents, {bill.response, *adjudication.drawn_on}),
        )
        now = system.clock.now()
        change = answered_again(reopened, adjudication, now)
        await system.commit(server_actor(now), change)


async def _commit(system: System, change: Change) -> None:
    """Commit a change of the row; if another server was first, it has done the same."""
    with suppress(Conflict):
        await system.commit(server_actor(system.clock.now()), change)
