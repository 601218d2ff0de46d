"""The rows of a bill's answer: Claim, ClaimResponse, evidence, the authorizations drawn from, the ledger, the trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from app.access.reach import OWNER, PATIENT, PAYER
from app.bills.read_claim import SubmittedBill
from app.domain.authorization import UNKNOWN_PAYER, RequestWarning
from app.domain.billing import Adjudication, Draw
from app.domain.ledger import LedgerEntry, draw
from app.pas.face import Face
from app.pas.write_claim import write_claim
from app.policy.policy import Policy
from app.ports import Document, Insert, Write
from app.records import resources
from app.records.authorizations import Stored
from app.records.ledger import entry_insert
from app.records.trail import access, event
from app.workflow.enroll import Enrolled
from app.workflow.rows import SUBMISSION_KIND, act_of
from app.workflow.system import Call, System


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill with its answer, and the ids that its Claim and its ClaimResponse are kept under.

    `text` is the body as it came; `face` are this server's references to whom the bill names; `warnings` are told in
    the answer and noted in the event.
    """

    claim: str
    response: str
    text: str
    face: Face
    policy: Policy | None
    enrolled: Enrolled
    submitted: SubmittedBill
    adjudication: Adjudication
    warnings: tuple[RequestWarning, ...] = ()

    @property
    def payer(self) -> str:
        """The payer that the rows belong to."""
        return self.policy.name if self.policy else UNKNOWN_PAYER

    @property
    def draws(self) -> tuple[Draw, ...]:
        """What the lines take from authorizations."""
        return tuple(line.draw for line in self.adjudication.lines if line.draw is not None)


def billing_rows(
    system: System, call: Call, bill: Bill, response: dict[str, Any], stored: Iterable[Stored]
) -> Iterator[Write]:
    """Write both sides of the link, and every unit drawn, in one commit."""
    reach = ((PAYER, bill.payer), (OWNER, call.owner), (PATIENT, bill.enrolled.patient))
    yield Insert(Document(SUBMISSION_KIND, bill.response, bill.text))
    claim = write_claim(bill.submitted, bill.claim, bill.face)
    yield Insert(resources.row(claim, access=reach, now=call.now))
    yield Insert(resources.row(response, access=reach, now=call.now))
    yield from _drawn(call, bill, stored)
    yield from _entries(call, bill)
    act = act_of(call, "bill")
    yield event(system.ids.new(), act, payer=bill.payer, subject=bill.response, detail=_detail(bill))
    yield access(system.ids.new(), act, payer=bill.payer, patient=bill.enrolled.patient)


def _drawn(call: Call, bill: Bill, stored: Iterable[Stored]) -> Iterator[Write]:
    for one in {each.document.id: each for each in stored}.values():
        draws = [each for each in bill.draws if each.authorization == one.authorization.id]
        if draws:
            yield one.replaced_by(replace(draw(one.authorization, draws), updated=call.now))


def _entries(call: Call, bill: Bill) -> Iterator[Write]:
    lines = {line.sequence: line for line in bill.submitted.bill.lines}
    for one in bill.draws:
        serviced = lines[one.line].serviced
        yield entry_insert(
            LedgerEntry(
                id=f"{one.authorization}.{bill.claim}.{one.line}",
                authorization=one.authorization,
                item=one.item,
                units=one.units,
                created=call.now,
                actor=call.grant.client,
                claim=bill.claim,
                line=one.line,
                service_from=serviced.start,
                service_to=serviced.end,
            )
        )


def _detail(bill: Bill) -> dict[str, Any]:
    return {
        "claim": bill.claim,
        "policy": bill.payer,
        "digest": bill.policy.digest if bill.policy else "",
        "lines": [
            {"sequence": line.sequence, "paid": line.paid, "reason": line.reason.key if line.reason else None}
            for line in bill.adjudication.lines
        ],
        "authorizations": sorted({one.authorization for one in bill.draws}),
        "warnings": [warning.path for warning in bill.warnings],
    }
