"""Stage a decision: it waits as a draft, for a signature or for its release, or it is in force.

A second person signs it, and everybody who reviews can undo it before it is in force.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.parts.reviewer import ReviewTerms
from app.domain.parts.ruling import Action, ItemRuling
from app.domain.proposal import Proposal, Stage
from app.domain.review.grounds import Grounds
from app.domain.review.not_decidable import AlreadyDecided, NotAllowed

PHYSICIAN = "physician"
"""The role that signs a decision."""


TIME_TO_RELEASE = timedelta(minutes=1)
"""A release comes at least this long before the decision is due, so that the server itself does not make it late."""


def release_time(terms: ReviewTerms, now: datetime, due: datetime | None) -> datetime | None:
    """Return the time from which a decision of now counts; None if at once. A decision in time is released in time."""
    if not terms.grace:
        return None
    end = now + terms.grace
    if due is None or due < now:
        return end
    latest = due - TIME_TO_RELEASE
    return min(end, latest) if now < latest else None


def staged(item: AuthorizedItem, ruling: ItemRuling, decision: ItemDecision, grounds: Grounds) -> AuthorizedItem:
    """Return the item with the decision in force, or with the proposal of it."""
    if grounds.draft:
        stage = Stage.DRAFT
    elif _needs_signature(decision, grounds):
        stage = Stage.SIGNATURE
    elif grounds.release is not None and item.requested.number not in grounds.at_once:
        stage = Stage.RELEASE
    else:
        return replace(item, decision=decision, proposal=None)
    release = grounds.release if stage is Stage.RELEASE else None
    return replace(item, proposal=Proposal(stage, ruling, decision, release))


def takes(item: AuthorizedItem, action: Action) -> bool:
    """Return whether a pended item can have this ruling."""
    stage = None if item.proposal is None else item.proposal.stage
    if action == "sign":
        return stage is Stage.SIGNATURE
    return stage is not None if action == "undo" else stage is not Stage.RELEASE


def check_takes(item: AuthorizedItem, action: Action) -> None:
    """Check that a pended item can have this ruling. Raises AlreadyDecided."""
    number = item.requested.number
    if takes(item, action):
        return
    text = {
        "sign": f"Item {number} has no decision that waits for a signature.",
        "undo": f"Item {number} has no decision that can be undone.",
    }
    decided = f"Item {number} has a decision that waits for its release. Undo it before you decide again."
    raise AlreadyDecided(number, text.get(action, decided))


def check_signer(item: AuthorizedItem, proposal: Proposal, grounds: Grounds) -> None:
    """Check that a physician signs, who is not the person that decided. Raises NotAllowed."""
    number, by, decider = item.requested.number, grounds.by, proposal.decision.by
    if by is None or by.role != PHYSICIAN:
        raise NotAllowed(number, f"Only a physician can sign the decision on item {number}.")
    if decider is None or by.may_be(decider):
        text = f"The decision on item {number} must be signed by another person than the one who decided."
        raise NotAllowed(number, text)


def released(authorization: Authorization, now: datetime, today: date) -> Authorization:
    """Return the record with the decisions in force whose time has come, as decisions of the payer's calendar day."""
    return replace(authorization, items=tuple(_released(item, now, today) for item in authorization.items))


def _released(item: AuthorizedItem, now: datetime, today: date) -> AuthorizedItem:
    proposal = item.proposal
    if proposal is None or proposal.release is None or proposal.release > now:
        return item
    return replace(item, decision=replace(proposal.decision, decided=today), proposal=None)


def _needs_signature(decision: ItemDecision, grounds: Grounds) -> bool:
    """Return whether a physician must sign: not a denial for administrative reasons, nor what a physician decided."""
    if decision.signed_by is not None or decision.action not in grounds.cosign:
        return False
    if grounds.by is not None and grounds.by.role == PHYSICIAN:
        return False
    known = [grounds.reasons.get(reason.key) for reason in decision.reasons]
    administrative = bool(known) and all(reason is not None and reason.administrative for reason in known)
    return decision.action is not ReviewAction.NOT_CERTIFIED or not administrative
