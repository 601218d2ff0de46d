"""The table of figures: the public metrics of 42 CFR 422.122(c), and those that explain them.

A share has all its counts, so that other definitions can be computed from the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from msgspec import Struct

from app.domain.metrics.counted import CountedRequest, Result
from app.domain.urgency import Urgency

Condition = Callable[[CountedRequest], bool]


class Kind(StrEnum):
    """The kind of a figure: a share of requests, or the mean and the median of their times."""

    SHARE = "share"
    TIME = "time"


class Figure(Struct, frozen=True):
    """A figure over the requests that count: of those `within`, it is the share of those that it `holds` for.

    A time is that of the requests within, which all have one.
    """

    key: str
    title: str
    within: Condition
    holds: Condition
    kind: Kind = Kind.SHARE

    def denominator(self, request: CountedRequest) -> bool:
        """Return whether the request is in the denominator."""
        return request.exclusion is None and self.within(request)

    def numerator(self, request: CountedRequest) -> bool:
        """Return whether the request is in the numerator."""
        return self.denominator(request) and self.holds(request)


def has_result(request: CountedRequest) -> bool:
    """Return whether the request is decided. One that waits is in no share but that of pending requests."""
    return request.result is not None


def _with(*results: Result) -> Condition:
    return lambda request: request.result in results


def _after_appeal(*results: Result) -> Condition:
    return lambda request: request.after_appeal in results


def _of(urgency: Urgency, condition: Condition) -> Condition:
    return lambda request: request.urgency is urgency and condition(request)


def _is_timed(request: CountedRequest) -> bool:
    return request.seconds is not None


def _any(_: CountedRequest) -> bool:
    return True


_DECIDED: tuple[tuple[str, str, Condition], ...] = (
    ("approved", "approved in full", _with(Result.APPROVED)),
    ("partly-approved", "approved in part", _with(Result.PARTLY_APPROVED)),
    ("denied", "denied in full", _with(Result.DENIED)),
    ("denied-or-partly", "denied in full or in part", _with(Result.DENIED, Result.PARTLY_APPROVED)),
    ("approved-after-appeal", "approved in full after an appeal", _after_appeal(Result.APPROVED)),
    ("partly-approved-after-appeal", "approved in part after an appeal", _after_appeal(Result.PARTLY_APPROVED)),
    ("denied-after-appeal", "denied after an appeal", _after_appeal(Result.DENIED)),
    ("extended", "decided after the time was extended", lambda request: request.extended),
    ("late", "decided after the due time", lambda request: request.late),
)


def _by_urgency(urgency: Urgency) -> Iterator[Figure]:
    decided = _of(urgency, has_result)
    for key, words, holds in _DECIDED:
        yield Figure(f"{urgency}-{key}", f"{urgency.capitalize()} requests {words}", decided, holds)
    appealed = _of(urgency, lambda request: has_result(request) and request.appealed)
    title = f"Appeals of {urgency} requests approved in full"
    yield Figure(f"{urgency}-appeals-approved", title, appealed, _after_appeal(Result.APPROVED))
    pending = f"{urgency.capitalize()} requests that wait for a decision"
    yield Figure(f"{urgency}-pending", pending, _of(urgency, _any), lambda request: not has_result(request))
    timed = _of(urgency, _is_timed)
    title = f"Time from receipt to determination of {urgency} requests"
    yield Figure(f"{urgency}-time", title, timed, _any, Kind.TIME)


FIGURES: tuple[Figure, ...] = (
    *_by_urgency(Urgency.STANDARD),
    *_by_urgency(Urgency.EXPEDITED),
    Figure(
        "extended-approved",
        "Requests approved in full after the time was extended",
        has_result,
        lambda request: request.extended and request.result is Result.APPROVED,
    ),
    Figure(
        "decided-at-once",
        "Requests decided in the answer to their submission",
        _is_timed,
        lambda request: request.determined == request.received,
    ),
)

BY_KEY = {figure.key: figure for figure in FIGURES}
