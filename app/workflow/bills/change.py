"""The change that a billing claim makes: Claim, ClaimResponse, ledger entries, and the authorizations drawn on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.audit.access import Access, Interaction
from app.bills.read_claim import SubmittedBillingClaim
from app.codes import UNITS_LOW_TOPIC
from app.domain.authorization import RequestWarning
from app.domain.bill.bill import Bill
from app.domain.billing import Adjudication, Draw
from app.domain.due.reminders import becomes_low
from app.domain.ledger import EntryKind, LedgerEntry, post
from app.pas.face import Face
from app.pas.write_claim import write_claim
from app.policy.policy import Policy
from app.ports import Document
from app.records import resources
from app.records.authorizations import Stored
from app.records.billed import Billed
from app.records.replays import Replay
from app.records.resources import Version
from app.records.submissions import Submission
from app.records.subscriptions.topic_events import TopicEvent, topic_event
from app.records.trail import Event
from app.workflow.call import Call
from app.workflow.changes import AuthorizationChange, BillChange, Change, readers

_ACTION = "bill"


class AdjudicatedClaim(Struct, frozen=True):
    """A billing claim with its answer.

    `text` is the body as received; `face` holds this server's references to the parties; `bill` is the payer's record,
    with the ids of the Claim and its ClaimResponse, the payer and the patient; `billed` are the rows of its identifier
    and its paid services; `warnings` go into the answer and the event; `responses` are the ClaimResponses of the
    authorizations that are drawn on, as read.
    """

    text: str
    face: Face
    policy: Policy | None
    submitted: SubmittedBillingClaim
    adjudication: Adjudication
    bill: Bill
    billed: tuple[Billed, ...] = ()
    warnings: tuple[RequestWarning, ...] = ()
    responses: Mapping[str, Document] = {}

    def day(self, moment: datetime) -> str:
        """Return the payer's calendar day of a moment."""
        return str(self.policy.day(moment) if self.policy else moment.date())

    @property
    def draws(self) -> tuple[Draw, ...]:
        """The draws of all lines."""
        return tuple(draw for line in self.adjudication.lines for draw in line.draws)


def billing_change(
    call: Call,
    adjudicated: AdjudicatedClaim,
    response: dict[str, Any],
    authorizations: Sequence[Stored],
    replay: Replay,
    *,
    releases: tuple[LedgerEntry, ...] = (),
) -> Change:
    """Return the change that the billing claim makes.

    `authorizations` are those that its numbers name and those of the claim that it reverses, whose `releases` count.
    """
    bill = adjudicated.bill
    access = readers(bill.payer, call.owner, bill.patient)
    claim = write_claim(adjudicated.submitted, bill.id, adjudicated.face)
    own = entries_of(bill.id, adjudicated.draws, call.now, call.grant.client)
    entries = (*releases, *own)
    drawn = tuple(drawn_on(authorizations, entries, adjudicated.responses, call.now))
    return Change(
        authorizations=drawn,
        served=tuple(Version(resources.row(resource, access=access, now=call.now)) for resource in (claim, response)),
        entries=entries,
        submission=Submission(bill.response, adjudicated.text),
        events=(Event(_ACTION, bill.payer, bill.response, _detail(adjudicated)),),
        accesses=(_access(bill),),
        replay=replay,
        bills=(BillChange(None, bill),),
        billed=adjudicated.billed,
        notices=tuple(reminders(drawn)),
        unchanged=tuple(awaited(bill, authorizations, drawn)),
    )


def awaited(bill: Bill, authorizations: Iterable[Stored], drawn: Iterable[AuthorizationChange]) -> Iterator[Document]:
    """Return the records of undecided or denied requests on which the answer stands.

    If a decision commits at the same time, the bill is answered again. So no bill waits for a decision that was made.
    """
    changed = {change.after.id for change in drawn}
    standing = set() if bill.open_claim is None else set(bill.authorizations) - changed
    for stored in {stored.document.id: stored for stored in authorizations}.values():
        if stored.authorization.id in standing:
            yield stored.document


def reminders(drawn: Iterable[AuthorizationChange]) -> Iterator[TopicEvent]:
    """Remind the subscribers of each authorization of which the bill leaves few units."""
    for change in drawn:
        if change.before is not None and becomes_low(change.before.authorization, change.after):
            yield topic_event(UNITS_LOW_TOPIC, change.after)


def _access(bill: Bill) -> Access:
    return Access(
        interaction=Interaction.CREATE,
        payers=(bill.payer,),
        patient=bill.patient,
        resources=(f"Claim/{bill.id}", f"ClaimResponse/{bill.response}"),
    )


def access_to_next_answer(bill: Bill) -> Access:
    """Return the access of an act that writes the next version of the answer to a bill."""
    return Access(
        interaction=Interaction.UPDATE,
        payers=(bill.payer,),
        patient=bill.patient,
        resources=(f"ClaimResponse/{bill.response}",),
    )


def entries_of(claim: str, draws: Sequence[Draw], now: datetime, actor: str) -> Iterator[LedgerEntry]:
    """Return the ledger entries of the draws of a claim."""
    drawn = ((draw, *placed) for draw in draws for placed in enumerate(draw.portions))
    for draw, place, portion in drawn:
        yield LedgerEntry(
            id=f"{draw.authorization}.{draw.item}.{claim}.{draw.line}.{place}",
            authorization=draw.authorization,
            item=draw.item,
            units=-portion.units,
            created=now,
            actor=actor,
            claim=claim,
            line=draw.line,
            service_from=portion.days.start,
            service_to=portion.days.end,
            component=portion.component,
        )
    yield from _shares(claim, draws, now, actor)


def _shares(claim: str, draws: Sequence[Draw], now: datetime, actor: str) -> Iterator[LedgerEntry]:
    """Yield the units that the draws count on appealed items."""
    shares = ((draw, *share) for draw in draws for share in draw.shares)
    for draw, authorization, item in shares:
        yield LedgerEntry(
            id=f"{authorization}.{item}.{claim}.{draw.line}.{draw.authorization}.{draw.item}",
            authorization=authorization,
            item=item,
            units=-draw.units,
            created=now,
            actor=actor,
            claim=claim,
            line=draw.line,
            kind=EntryKind.SHARE,
        )


def drawn_on(
    authorizations: Iterable[Stored], entries: Sequence[LedgerEntry], responses: Mapping[str, Document], now: datetime
) -> Iterator[AuthorizationChange]:
    """Post the entries. Two numbers may name the same authorization; its record is written once.

    Raises ValueError for a draw on another authorization: its record would not have the units. A release of units of a
    record that was purged has no record.
    """
    known = {stored.document.id: stored for stored in authorizations}
    posted = {stored.authorization.id for stored in known.values()}
    if any(entry.reverses is None and entry.authorization not in posted for entry in entries):
        raise ValueError("A bill draws on an authorization whose record was not read.")
    for stored in known.values():
        own = [entry for entry in entries if entry.authorization == stored.authorization.id]
        if own:
            after = replace(post(stored.authorization, own), updated=now)
            yield AuthorizationChange(stored, after, response=responses.get(after.id))


def _detail(adjudicated: AdjudicatedClaim) -> dict[str, Any]:
    bill = adjudicated.bill
    return {
        "claim": bill.id,
        "policy": bill.payer,
        "digest": adjudicated.policy.digest if adjudicated.policy else "",
        **_corrected(bill),
        "lines": lines_for_trail(bill),
        "authorizations": sorted({draw.authorization for draw in adjudicated.draws}),
        "warnings": [warning.path for warning in adjudicated.warnings],
    }


def lines_for_trail(bill: Bill) -> list[dict[str, Any]]:
    """Describe the answer to each line, with its links and how they were made."""
    return [
        {"line": line.number, "paid": line.units > 0, "reason": line.reason or None, "links": line.links}
        for line in bill.lines
    ]


def _corrected(bill: Bill) -> dict[str, Any]:
    return {} if bill.replaces is None else {"frequency": bill.frequency, "replaces": bill.replaces}
