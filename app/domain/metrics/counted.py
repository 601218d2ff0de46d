"""Read the acts on a request as one row of the figures: when it was received and decided, and with which result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.domain.decision import ReviewAction
from app.domain.metrics.act import LoggedAct, LoggedItem, LoggedRequest
from app.domain.metrics.scope import Exclusion, excluded, is_appeal
from app.domain.parts.origin import Channel
from app.domain.urgency import Urgency


class Result(StrEnum):
    """The first determination of a request. `partly-approved`: an item was cut or denied, and another was not."""

    APPROVED = "approved"
    PARTLY_APPROVED = "partly-approved"
    DENIED = "denied"


class CountedRequest(Struct, frozen=True, kw_only=True):
    """A request in the figures. Its counted items are those that no exclusion leaves out.

    `id`: that of its ClaimResponse. `exclusion`: why the request does not count; None if it does.
    `result`, `determined`: its first determination; None while a counted item waits. `act`: the row in the log that
    made it. `urgency`: standard or expedited, at the determination. `late`: the determination came after it was due.
    `extended`: the payer had extended its time. `imported`: decided outside of FHIR, so its receipt is not known.
    `appealed`: an appeal followed. `after_appeal`: the best result of its appeals.
    `lines`: the results of the counted lines. `program`: that of the member's plan.
    """

    id: str
    received: datetime
    zone: str | None = None
    urgency: Urgency = Urgency.STANDARD
    exclusion: Exclusion | None = None
    result: Result | None = None
    determined: datetime | None = None
    act: str = ""
    late: bool = False
    extended: bool = False
    imported: bool = False
    appealed: bool = False
    after_appeal: Result | None = None
    lines: tuple[Result, ...] = ()
    program: str | None = None

    @property
    def seconds(self) -> float | None:
        """The time from the receipt to the determination; None if one of them is not known."""
        if self.determined is None or self.imported:
            return None
        return (self.determined - self.received).total_seconds()

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment on the payer's calendar."""
        return moment.astimezone(ZoneInfo(self.zone) if self.zone else UTC).date()


_LINE_RESULTS = {
    ReviewAction.CERTIFIED: Result.APPROVED,
    ReviewAction.MODIFIED: Result.PARTLY_APPROVED,
    ReviewAction.NOT_CERTIFIED: Result.DENIED,
}
_BEST = (Result.APPROVED, Result.PARTLY_APPROVED, Result.DENIED)


def counted(acts: Sequence[LoggedAct], appeals: Iterable[CountedRequest] = ()) -> CountedRequest:
    """Return the row of a request from its acts, oldest first, and from the rows of its appeals.

    Its first determination counts: an update afterwards belongs to the same request.
    """
    reviews = [act for act in acts if act.items is not None]
    decisive = next((act for act in reviews if _is_decisive(act)), reviews[-1])
    first, facts = reviews[0], decisive.request
    if facts is None:
        return CountedRequest(id=first.subject, received=first.at, exclusion=Exclusion.EARLIER_RELEASE)
    items, exclusion = _counted_items(decisive), _exclusion(decisive, facts)
    results = tuple(_LINE_RESULTS[item.action] for item in items if item.action in _LINE_RESULTS)
    decided = _is_decisive(decisive)
    rows = list(appeals)
    return CountedRequest(
        id=first.subject,
        received=first.at,
        zone=facts.zone,
        urgency=facts.urgency,
        exclusion=exclusion,
        result=_result(results) if decided else None,
        determined=decisive.at if decided else None,
        act=decisive.id if decided else "",
        late=any(item.late for item in items),
        extended=facts.extended,
        imported=facts.channel is not None,
        appealed=bool(rows),
        after_appeal=_after_appeal(rows),
        lines=results if decided else (),
        program=facts.program,
    )


def _counted_items(act: LoggedAct) -> tuple[LoggedItem, ...]:
    return tuple(item for item in act.items or () if excluded(item) is None)


def _is_decisive(act: LoggedAct) -> bool:
    """Return whether every counted item is decided, and one is there."""
    items = _counted_items(act)
    return bool(items) and all(item.action in _LINE_RESULTS for item in items)


def _exclusion(act: LoggedAct, facts: LoggedRequest) -> Exclusion | None:
    items = act.items or ()
    if not items:
        return Exclusion.REFUSED
    if facts.channel is Channel.FORMER_PAYER:
        return Exclusion.FORMER_PAYER
    if is_appeal(items):
        return Exclusion.APPEAL
    return None if _counted_items(act) else excluded(items[0])


def _result(lines: Sequence[Result]) -> Result:
    kinds = set(lines)
    return kinds.pop() if len(kinds) == 1 else Result.PARTLY_APPROVED


def _after_appeal(appeals: Iterable[CountedRequest]) -> Result | None:
    results = {result for appeal in appeals for result in (appeal.result, appeal.after_appeal)}
    return next((result for result in _BEST if result in results), None)
