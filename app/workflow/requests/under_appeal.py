"""Grant what was denied once: on the appeal of a denial, or by an amendment of it, never on both."""

from __future__ import annotations

from datetime import date

from app.domain.authorization import Authorization
from app.domain.authorization_types.appeal import (
    NotAppealable,
    check_still_denied,
    denied_items,
    is_pending_or_decided,
    with_shared_units,
)
from app.domain.decision import ReviewAction
from app.domain.life.states import local_day
from app.domain.update.plan import Plan
from app.fhir.outcome import Fault, FhirError
from app.records import authorizations
from app.records.authorizations import Participant, Stored
from app.workflow.changes import AuthorizationChange, Change
from app.workflow.system import System

_APPEALED = (
    "The denial is under appeal, or the appeal of it is decided. Decide that request: an amendment would grant the"
    " service twice."
)


async def still_denied(system: System, before: Authorization, after: Authorization) -> Change:
    """Check that a decision on an appeal grants only what is denied in the other request. Raises FhirError CONFLICT.

    The change replaces the record of the denied request by itself. So of this decision and an amendment at the same
    time, one is tried again.
    """
    denied = await _denied(system, before)
    if denied is None:
        return Change()
    try:
        check_still_denied(before, after, denied.authorization)
    except NotAppealable as refused:
        text = f"The payer has authorized a part of the denied request meanwhile. {refused}"
        raise FhirError(Fault.CONFLICT, text) from refused
    return Change(authorizations=(AuthorizationChange(denied, denied.authorization),))


async def sharing_units(system: System, before: Authorization, after: Authorization) -> Authorization:
    """Return a decided appeal whose items name the denied items with which they share units; else `after`."""
    denied = await _denied(system, before)
    return after if denied is None else with_shared_units(after, denied.authorization)


async def check_not_appealed(system: System, denied: Authorization) -> None:
    """Check, before a denial is amended, that no appeal of it is pending or decided. Raises FhirError CONFLICT."""
    own = await authorizations.of_participant(system.documents, Participant(denied.patient, (denied.owner,)))
    if any(is_pending_or_decided(one, denied.id) for one in own):
        raise FhirError(Fault.CONFLICT, _APPEALED)


async def first_received(system: System, appeal: Authorization) -> date | None:
    """Return the day of receipt of the request under appeal; None for another request, and if an update changed it."""
    denied = await _denied(system, appeal)
    if denied is None or denied.authorization.submissions:
        return None
    return local_day(denied.authorization, denied.authorization.created)


async def refusal_within(system: System, appeal: Authorization, plan: Plan) -> str | None:
    """Return why an update of an open appeal is refused: it asks for more than was denied. None if it does not."""
    denied = await _denied(system, appeal)
    if denied is None:
        return None
    kept = plan.carried.kept
    items = [
        item
        for item in plan.request.items
        if item.number not in kept or kept[item.number].decision.action is not ReviewAction.CANCELLED
    ]
    try:
        denied_items(items, denied.authorization)
    except NotAppealable as refused:
        return str(refused)
    return None


async def _denied(system: System, appeal: Authorization) -> Stored | None:
    """Read the request under appeal; None for another request, or if the record is purged."""
    return None if appeal.appealed is None else await authorizations.by_id(system.documents, appeal.appealed.id)
