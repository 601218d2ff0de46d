"""The trail: append-only rows about each event of the business, written in the same commit as its change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from msgspec import Struct

from app.audit.access import Actor
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.life.states import OPEN, ItemState, local_day, state_of, state_of_item
from app.domain.proposal import Proposal
from app.fhir.instants import as_instant
from app.ports import AnyOf, Document, Documents, Insert, Order, Query, Range, Term
from app.records.decision_log.terms import EVENT_KIND, log_terms, logged_request
from app.records.scan import PAGE, pages, scan

_encoder = msgspec.json.Encoder()


class Event(Struct, frozen=True):
    """An event in the life of an authorization or a billing claim; `subject` is the id of its ClaimResponse.

    An inquiry has no subject: it is empty. For master data and for a contradicted member, it is the resource's id.
    `terms`: those by which the log of decisions finds the event.
    """

    action: str
    payer: str
    subject: str
    detail: dict[str, Any]
    terms: tuple[Term, ...] = ()


def review_event(action: str, before: Authorization | None, after: Authorization, detail: dict[str, Any]) -> Event:
    """Describe an act on a request: its state, and the policy that counts, with more `detail`.

    Each item has its state before and after the act, the X12 action, the rule, and the keys of the reasons,
    `late` if its decision came after it was due, and a decision that is not in force yet.
    """
    day = local_day(after, after.updated)
    former = {} if before is None else {item.requested.number: state_of_item(item, day) for item in before.items}
    described = {
        "state": state_of(after, day),
        "policy": after.policy.policy,
        "digest": after.policy.digest,
        "items": [
            _step(item, former.get(item.requested.number, ItemState.RECEIVED), state_of_item(item, day))
            for item in after.items
        ],
        "errors": [error.code for error in after.errors],
        "warnings": [warning.path for warning in after.warnings],
        "covered_on_record": after.covered_on_record,
        "request": logged_request(after),
    }
    return Event(action, after.payer, after.id, {**described, **detail}, log_terms(before, after))


def _step(item: AuthorizedItem, before: ItemState, after: ItemState) -> dict[str, Any]:
    decision = item.decision
    reasons = {"reasons": [reason.key for reason in decision.reasons]} if decision.reasons else {}
    named = {"line": item.requested.number, "action": decision.action, "rule": decision.rule}
    service = next((f"{code.system}|{code.code}" for code in item.requested.naming), "")
    named |= {"type": item.requested.type, "service": service}
    late = {"late": True} if decision.late else {}
    return {**named, **reasons, **late, "before": before, "after": after, **_proposed(item.proposal)}


def _proposed(proposal: Proposal | None) -> dict[str, Any]:
    if proposal is None:
        return {}
    reasons = [reason.key for reason in proposal.decision.reasons]
    return {"proposed": {"action": proposal.decision.action, "reasons": reasons, "stage": proposal.stage}}


class PastAct(Struct, frozen=True):
    """An act that the trail has: its name, the client, and the user if a person acted.

    `clinician`: the NPI of the clinician whose decision the act records.
    `client` is None for an act of the server itself, such as the mark of a clock.
    """

    action: str
    client: str | None
    user: str = ""
    clinician: str | None = None


class PastStep(Struct, frozen=True):
    """The step of an item in a past act: its states, and whether its decision came after it was due.

    An event of an earlier build has no states.
    """

    before: str = ""
    after: str = ""
    late: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether the payer has answered: an item that waited, or a new one, is decided."""
        return self.before in _UNDECIDED and self.after in _ANSWERS


class PastReview(Struct, frozen=True):
    """An act on a request, with the step of each item."""

    action: str
    items: tuple[PastStep, ...] = ()


_UNDECIDED = OPEN | {ItemState.RECEIVED}
_ANSWERS = frozenset(ItemState) - _UNDECIDED - {ItemState.CANCELLED}


async def reviews_of(documents: Documents, payer: str, first: str, after: str) -> AsyncIterator[PastReview]:
    """Yield the acts on the requests of a payer from `first` until `after`, oldest first."""
    query = Query(EVENT_KIND, (AnyOf("payer", (payer,)),), (Range(Order.CREATED, first, after),), limit=PAGE)
    async for row in pages(documents, query):
        yield _reviews.decode(row.body)


async def acts_on(documents: Documents, subject: str) -> list[PastAct]:
    """Return the acts on a request, oldest first."""
    rows = await scan(documents, EVENT_KIND, AnyOf("subject", (subject,)))
    return [_decoder.decode(row.body) for row in rows]


def event_insert(row_id: str, actor: Actor, event: Event) -> Insert:
    """Record the event. Searches find it by payer and by subject, and by its terms."""
    about = {"payer": event.payer, "subject": event.subject}
    body = _encoder.encode({**_act(actor, event.action), **about, **event.detail}).decode()
    return Insert(Document(EVENT_KIND, row_id, body, (*about.items(), *event.terms), actor.at, actor.at))


def _act(actor: Actor, action: str) -> dict[str, Any]:
    return {
        "action": action,
        "at": as_instant(actor.at),
        "client": actor.client,
        "organization": actor.organization,
        "role": actor.role,
        **({"user": actor.user} if actor.user else {}),
    }


_decoder = msgspec.json.Decoder(PastAct)
_reviews = msgspec.json.Decoder(PastReview)
