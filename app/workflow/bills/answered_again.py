"""The change of a bill that is answered again because a request was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.bills.write_adjudication import write_adjudication
from app.domain.bill.again import may_change
from app.domain.bill.answered import answered_lines
from app.domain.bill.bill import Bill, BillState
from app.domain.bill.open_claim import OpenClaim
from app.domain.billing import Adjudication
from app.fhir.json import stored as parsed
from app.pas.face import Face
from app.ports import Document
from app.records import resources
from app.records.authorizations import Stored
from app.records.bills.bills import StoredBill
from app.records.resources import Version
from app.records.trail import Event
from app.workflow.bills.change import access_to_next_answer, awaited, drawn_on, entries_of, lines_for_trail, reminders
from app.workflow.bills.payer_records import PayerRecords
from app.workflow.bills.repeats import billed_rows
from app.workflow.changes import BillChange, Change

_SERVER = "server"
"""The actor of the ledger entries that the server writes by itself."""


class Reopened(Struct, frozen=True):
    """A bill that is answered again: its claim, and the payer's records.

    `decided` is the authorization whose decision is the cause. `responses` are its own and those of the authorizations
    that it draws on.
    """

    stored: StoredBill
    open_claim: OpenClaim
    on_record: PayerRecords
    decided: Stored
    responses: Mapping[str, Document]


def answered_again(reopened: Reopened, adjudication: Adjudication, now: datetime) -> Change:
    """Return the change: ledger entries, the next answer, the record of the bill, its event and its access."""
    bill = reopened.stored.bill
    drawable = (*reopened.on_record.drawable, reopened.decided)
    after = _after(reopened, adjudication)
    drew = {line.number for line in reopened.open_claim.lines if line.draws}
    draws = [draw for line in adjudication.lines if line.number not in drew for draw in line.draws]
    entries = tuple(entries_of(bill.id, draws, now, _SERVER))
    drawn = tuple(drawn_on(drawable, entries, reopened.responses, now))
    detail = {"claim": bill.id, "cause": reopened.decided.authorization.id, "lines": lines_for_trail(after)}
    return Change(
        authorizations=drawn,
        served=tuple(_next_answer(reopened, adjudication, now)),
        entries=entries,
        bills=(BillChange(reopened.stored, after),),
        billed=billed_rows(reopened.on_record.before, adjudication, replace(bill, identifier_key="")),
        events=(Event("bill-answered-again", bill.payer, bill.response, detail),),
        accesses=(access_to_next_answer(bill),),
        notices=tuple(reminders(drawn)),
        unchanged=tuple(awaited(after, drawable, drawn)),
    )


def _after(reopened: Reopened, adjudication: Adjudication) -> Bill:
    open_claim, on_record = reopened.open_claim, reopened.on_record
    known = tuple(stored.authorization for stored in (*on_record.drawable, reopened.decided))
    is_open = any(map(may_change, adjudication.lines))
    return replace(
        reopened.stored.bill,
        lines=answered_lines(open_claim.claim, adjudication, on_record.before.keys, known),
        state=BillState.PENDING if adjudication.waits_for else BillState.ANSWERED,
        waits_for=adjudication.waits_for,
        open_claim=replace(open_claim, lines=adjudication.lines) if is_open else None,
    )


def _next_answer(reopened: Reopened, adjudication: Adjudication, now: datetime) -> Iterator[Version]:
    """Write the next version of the ClaimResponse, with the parties of the version before."""
    current = reopened.responses.get(reopened.stored.bill.response)
    if current is None:
        return
    before = parsed(current.body)
    face = Face(
        patient=before["patient"],
        insurer=before["insurer"],
        requestor=before["requestor"],
        request=before["request"],
        coverage=None,
    )
    bill, open_claim = reopened.stored.bill, reopened.open_claim
    written = write_adjudication(
        bill.response, open_claim.claim, adjudication, face, bill.received, warnings=open_claim.warnings
    )
    yield resources.next_version(current, written, now)
