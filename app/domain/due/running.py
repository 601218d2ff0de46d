"""Change a clock that runs: extend it once, or review the request as expedited or as standard."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.due.clock import clock_of_record
from app.domain.parts.decision_clock import Extension
from app.domain.urgency import Urgency, urgency_of

LEVELS = {Urgency.EXPEDITED: "U", Urgency.STANDARD: "E"}
"""The X12 1338 level of service of a request that a reviewer moves to another clock."""


NOT_PENDED = "No item of the request is pended, so no decision is due."


class NotChangeable(Exception):  # noqa: N818 - a normal outcome
    """The clock must not be changed now; the text is for the reviewer."""


class TooLong(Exception):  # noqa: N818 - a normal outcome
    """The extension is longer than the law allows; the text is for the reviewer."""


def extended(authorization: Authorization, extension: Extension) -> Authorization:
    """Return the record with a later due time. Raises NotChangeable and TooLong."""
    due, clock = _due(authorization), clock_of_record(authorization)
    if clock.extension is not None:
        raise NotChangeable("The time of the decision is extended already. A second extension is not allowed.")
    if due < extension.at:
        raise NotChangeable("The decision is late. Its time must be extended before it is due.")
    if extension.by > clock.longest_extension:
        raise TooLong(f"The time must not be extended by more than {clock.longest_extension.days} days.")
    return replace(authorization, due=due + extension.by, clock=replace(clock, extension=extension))


def check_urgency(authorization: Authorization, urgency: Urgency, now: datetime) -> None:
    """Check that a reviewer may move the request to the clock of this urgency. Raises NotChangeable."""
    due = _due(authorization)
    if urgency_of(authorization.urgency) is urgency:
        raise NotChangeable(f"The request is reviewed as {urgency} already.")
    if urgency is Urgency.STANDARD and due < now:
        raise NotChangeable("The decision is late. A late request stays expedited.")


def _due(authorization: Authorization) -> datetime:
    if authorization.due is None:
        raise NotChangeable(NOT_PENDED)
    return authorization.due
