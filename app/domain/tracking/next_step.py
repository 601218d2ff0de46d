"""The next step of the provider or the patient for an item of a request."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.tracking.item_units import units_of


class Step(StrEnum):
    """The steps. Each is a concept of our CodeSystem `next-step`."""

    WAIT = "wait"
    SEND_DOCUMENTS = "send-documents"
    BILL = "bill-with-number"
    BILL_WITHOUT = "bill-without-number"
    EXTEND = "request-extension"
    APPEAL = "appeal"
    REQUEST = "new-request"
    CONTACT = "contact-vendor"


class NextStep(Struct, frozen=True):
    """A step, and its last day or its time; None if the record gives none."""

    step: Step
    until: date | datetime | None = None


def next_step(item: AuthorizedItem, authorization: Authorization) -> NextStep:
    """Return the next step for an item. It follows from the record alone and does not change with the day."""
    decision = item.decision
    match decision.action:
        case ReviewAction.PENDED:
            return NextStep(Step.SEND_DOCUMENTS if decision.ask_for else Step.WAIT, authorization.due)
        case ReviewAction.NOT_REQUIRED:
            return NextStep(Step.BILL_WITHOUT)
        case ReviewAction.FORWARDED:
            return NextStep(Step.CONTACT)
        case ReviewAction.NOT_CERTIFIED if decision.appeal is not None:
            return NextStep(Step.APPEAL, decision.appeal.until)
        case ReviewAction.NOT_CERTIFIED | ReviewAction.CANCELLED:
            return NextStep(Step.REQUEST)
    granted, units = item.in_force, units_of(item)
    end = None if granted is None else granted.period.end
    used_up = units is not None and units.left == 0
    return NextStep(Step.EXTEND if used_up else Step.BILL, end)
