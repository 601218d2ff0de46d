"""The steps from state to state. A decision changes with the facts of the request only, or when a person amends it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.life.states import GRANTED, OPEN, ItemState, decided_state
from app.domain.proposal import Stage
from app.domain.update.same_facts import same_facts


class IllegalStep(RuntimeError):  # noqa: N818 - named as the life of a request
    """A workflow would make a step that the life of a request does not have. The text has no patient data."""


_UNDECIDED_HERE = frozenset({ItemState.NOT_REQUIRED, ItemState.FORWARDED})
_ANY = OPEN | GRANTED | _UNDECIDED_HERE | {ItemState.DENIED, ItemState.CANCELLED}


class Cause(StrEnum):
    """The causes that a step may need: a request with other facts, or a person who decides again."""

    UPDATE = "update"
    AMENDMENT = "amendment"


class Step(NamedTuple):
    """The steps from some states to others. Without a cause, a rule, a person or the submitter may make them."""

    of: frozenset[ItemState]
    to: frozenset[ItemState]
    cause: Cause | None = None


STEPS = (
    Step(OPEN | {ItemState.RECEIVED}, _ANY),
    Step(GRANTED | _UNDECIDED_HERE, frozenset({ItemState.CANCELLED})),
    Step(GRANTED | _UNDECIDED_HERE, _ANY, Cause.UPDATE),
    Step(frozenset({ItemState.PARTLY_APPROVED, ItemState.MODIFIED, ItemState.DENIED}), GRANTED, Cause.AMENDMENT),
)
"""All steps. A cancelled item makes none. The denied change of a granted item counts as partly approved."""


def check_life(before: Authorization | None, after: Authorization, *, attended: bool) -> None:
    """Check each step of a change of the record; `attended`: a client acts, not the clock. Raises IllegalStep."""
    former = {} if before is None else {item.requested.number: item for item in before.items}
    if lost := former.keys() - {item.requested.number for item in after.items}:
        raise IllegalStep(f"The record must keep the items {sorted(lost)}.")
    for item in after.items:
        earlier = former.get(item.requested.number)
        if item.proposal is not None and decided_state(item.decision) not in OPEN:
            raise IllegalStep(f"Item {item.requested.number} must not have a proposal beside its decision.")
        if earlier is None or earlier.decision != item.decision:
            _check_step(earlier, item)
            if not attended:
                _check_release(earlier, item)


def _check_step(before: AuthorizedItem | None, after: AuthorizedItem) -> None:
    state, follows = _standing_state(before), decided_state(after.decision)
    causes: set[Cause | None] = {None}
    if before is not None and not same_facts(before.requested, after.requested):
        causes.add(Cause.UPDATE)
    if after.decision.human:
        causes.add(Cause.AMENDMENT)
    if not any(state in step.of and follows in step.to and step.cause in causes for step in STEPS):
        raise IllegalStep(f"Item {after.requested.number} must not become {follows} after {state}.")


def _check_release(before: AuthorizedItem | None, after: AuthorizedItem) -> None:
    """Check that the clock decides nothing: it may release the decision of a person, whose signatures are complete."""
    proposal = None if before is None else before.proposal
    decided_by = None if proposal is None or proposal.stage is not Stage.RELEASE else proposal.decision.by
    if decided_by is None or after.decision.by != decided_by:
        raise IllegalStep(f"Item {after.requested.number} must not be decided by the clock.")


def _standing_state(item: AuthorizedItem | None) -> ItemState:
    if item is None:
        return ItemState.RECEIVED
    state = decided_state(item.decision)
    return ItemState.PARTLY_APPROVED if state is ItemState.DENIED and item.standing is not None else state
