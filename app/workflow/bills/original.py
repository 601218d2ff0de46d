"""The earlier claim that a claim replaces or voids: found among the biller's own, and reversed in the same commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.bills.read_claim import SubmittedBillingClaim
from app.bills.write_superseded import write_superseded
from app.domain.authorization import Authorization
from app.domain.bill.bill import Bill, BillState
from app.domain.bill.original import in_force
from app.domain.bill.reversal import (
    PAID_BY_REPLACEMENT,
    REVERSED_BY_REPLACEMENT,
    REVERSED_BY_VOID,
    reversed_lines,
    unchanged_lines,
)
from app.domain.billing import VOID, Adjudication, BillingClaim
from app.domain.ledger import LedgerEntry, post, release_of
from app.fhir.json import stored as parsed
from app.ports import Document
from app.records import authorizations, ledger, resources
from app.records.authorizations import Stored
from app.records.billed import Billed
from app.records.bills.bills import StoredBill, bill_of_claim, bill_of_response, bills_with_identifier
from app.records.resources import Version
from app.records.trail import Event
from app.records.views.responses import responses_of
from app.workflow.bills.change import access_to_next_answer
from app.workflow.bills.repeats import freed_identifier
from app.workflow.call import Call
from app.workflow.changes import BillChange, Change
from app.workflow.system import System


class Reversal(Struct, frozen=True):
    """An earlier claim, the entries that release its units, and the authorizations that it drew on.

    `response` is the answer to the earlier claim, as stored. `freed` is the row of its identifier.
    """

    stored: StoredBill
    releases: tuple[LedgerEntry, ...] = ()
    drawn: Mapping[str, Stored] = {}
    response: Document | None = None
    freed: tuple[Billed, ...] = ()

    def releases_by(self, later: str) -> tuple[LedgerEntry, ...]:
        """Return the releases, caused by the claim `later`."""
        return tuple(replace(entry, cause=later) for entry in self.releases)

    def restored(self, authorization: Authorization) -> Authorization:
        """Return an authorization with the units that the earlier claim drew from it."""
        own = [entry for entry in self.releases if entry.authorization == authorization.id]
        return post(authorization, own)


async def find_original(system: System, call: Call, payer: str, patient: str, claim: BillingClaim) -> StoredBill | None:
    """Return the claim that a replacement or a void names; None if the biller has no such claim for the member.

    A claim of another organization counts as unknown.
    """
    documents, name = system.documents, claim.original
    named = [await bill_of_claim(documents, id_) or await bill_of_response(documents, id_) for id_ in name.ids]
    for identifier in name.identifiers:
        named.extend(await bills_with_identifier(documents, payer, call.organizations, identifier))
    own = {
        stored.bill.id: stored
        for stored in named
        if stored is not None
        and (stored.bill.payer, stored.bill.patient) == (payer, patient)
        and stored.bill.owner in call.organizations
    }
    meant = in_force([stored.bill for stored in own.values()])
    return None if meant is None else own[meant.id]


async def reversal_of(system: System, call: Call, original: StoredBill) -> Reversal:
    """Read what the reversal of a claim changes."""
    bill = original.bill
    entries = await ledger.entries_of_claim(system.documents, bill.id)
    releases = release_of(entries, call.now, call.grant.client)
    named = dict.fromkeys(entry.authorization for entry in releases)
    read = [await authorizations.by_id(system.documents, authorization) for authorization in named]
    return Reversal(
        stored=original,
        releases=releases,
        drawn={stored.authorization.id: stored for stored in read if stored is not None},
        response=(await responses_of(system.documents, [bill.response])).get(bill.response),
        freed=await freed_identifier(system, bill),
    )


def superseded(reversal: Reversal, later: Bill, call: Call, day: str) -> Change:
    """Return the change of the reversed claim: its record, the next version of its answer, and its event."""
    bill, voids = reversal.stored.bill, later.frequency == VOID
    state = BillState.VOIDED if voids else BillState.REPLACED
    after = replace(bill, state=state, replaced_by=later.id, waits_for=(), open_claim=None)
    detail = {"claim": bill.id, "later": later.id, "released": [entry.id for entry in reversal.releases]}
    return Change(
        served=tuple(_next_answer(reversal, later, call, day)),
        bills=(BillChange(reversal.stored, after),),
        billed=reversal.freed if voids else (),
        events=(Event(f"bill-{state}", bill.payer, bill.response, detail),),
        accesses=(access_to_next_answer(bill),),
    )


def _next_answer(reversal: Reversal, later: Bill, call: Call, day: str) -> Iterator[Version]:
    if reversal.response is not None:
        remark = REVERSED_BY_VOID if later.frequency == VOID else REVERSED_BY_REPLACEMENT
        body = parsed(reversal.response.body)
        written = write_superseded(body, reversal.stored.bill, later.response, remark, day)
        yield resources.next_version(reversal.response, written, call.now)


def voided(
    submitted: SubmittedBillingClaim, original: Bill, *, takes_back: bool
) -> tuple[SubmittedBillingClaim, Adjudication]:
    """Answer a void by the lines of the original; `takes_back` is False if it is void already."""
    lines = reversed_lines(original) if takes_back else unchanged_lines(original)
    claim = replace(submitted.billing_claim, lines=tuple(billed for billed, _ in lines))
    return replace(submitted, billing_claim=claim), Adjudication(tuple(result for _, result in lines))


def paid_by_replacement(adjudication: Adjudication) -> Adjudication:
    """Mark the paid lines of a replacement of a claim that was paid."""
    lines = (
        replace(line, remarks=(*line.remarks, PAID_BY_REPLACEMENT)) if line.paid else line
        for line in adjudication.lines
    )
    return replace(adjudication, lines=tuple(lines))
