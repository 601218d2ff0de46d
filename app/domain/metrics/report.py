"""Add up the figures of a period, request by request."""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import date, datetime
from enum import StrEnum
from statistics import median

from msgspec import Struct, field

from app.domain.metrics.counted import CountedRequest, Result
from app.domain.metrics.figures import FIGURES, Kind
from app.domain.metrics.scope import Exclusion


class CountedBy(StrEnum):
    """The day that puts a request into a period: that of its receipt, or that of its first determination."""

    RECEIVED = "received"
    DETERMINED = "determined"


_FIRST_DAY, _LAST_DAY = date(1, 1, 4), date(9999, 12, 28)
"""The days of the calendar that have neighbors in every time zone."""


class Span(Struct, frozen=True):
    """The requests of a report: a payer, a period in days of the payer's calendar, and the state of the log.

    `as_of`: acts from this moment on do not count, so that the same report can be made again.
    `program`: only requests of this program; None for all.
    """

    payer: str
    start: date
    end: date
    as_of: datetime
    counted_by: CountedBy = CountedBy.RECEIVED
    program: str | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, so far from the ends of the calendar that their times exist in every zone."""
        return _in_zones(self.start), _in_zones(self.end)

    def includes(self, request: CountedRequest) -> bool:
        """Return whether a request is in the period."""
        if self.program is not None and request.program != self.program:
            return False
        moment = request.received if self.counted_by is CountedBy.RECEIVED else request.determined
        return moment is not None and self.start <= request.day_of(moment) <= self.end


def _in_zones(day: date) -> date:
    return min(max(day, _FIRST_DAY), _LAST_DAY)


class Measured(Struct, frozen=True, omit_defaults=True):
    """A figure with its counts. `mean` and `median` are seconds, for a time of at least one request."""

    key: str
    title: str
    kind: Kind
    numerator: int
    denominator: int
    mean: float | None = None
    median: float | None = None

    @property
    def percent(self) -> float | None:
        """The share in percent, with two decimals; None without a denominator, or for a time."""
        if self.kind is Kind.TIME or not self.denominator:
            return None
        return round(100 * self.numerator / self.denominator, 2)


class Report(Struct, frozen=True):
    """The figures of a period. `excluded`: the requests that do not count, by reason.

    `requests` = counted + excluded. `lines`: the lines of decided requests by result.
    """

    span: Span
    requests: int
    counted: int
    figures: tuple[Measured, ...]
    excluded: dict[Exclusion, int]
    lines: dict[Result, int]


class Tally(Struct):
    """The sums so far. A median needs every time, so that each takes eight bytes."""

    span: Span
    requests: int = 0
    excluded: Counter[Exclusion] = field(default_factory=Counter)
    lines: Counter[Result] = field(default_factory=Counter)
    numerators: Counter[str] = field(default_factory=Counter)
    denominators: Counter[str] = field(default_factory=Counter)
    times: dict[str, array[float]] = field(default_factory=dict)

    def add(self, request: CountedRequest) -> None:
        """Count a request of the period."""
        self.requests += 1
        if request.exclusion is not None:
            self.excluded[request.exclusion] += 1
            return
        self.lines.update(request.lines)
        for figure in FIGURES:
            if not figure.denominator(request):
                continue
            self.denominators[figure.key] += 1
            self.numerators[figure.key] += figure.holds(request)
            if figure.kind is Kind.TIME and request.seconds is not None:
                self.times.setdefault(figure.key, array("d")).append(request.seconds)

    def report(self) -> Report:
        """Return the figures of the requests so far."""
        return Report(
            self.span,
            self.requests,
            self.requests - self.excluded.total(),
            tuple(self._measured(figure.key, figure.title, figure.kind) for figure in FIGURES),
            {reason: self.excluded[reason] for reason in Exclusion},
            {result: self.lines[result] for result in Result},
        )

    def _measured(self, key: str, title: str, kind: Kind) -> Measured:
        times = self.times.get(key)
        mean, middle = (sum(times) / len(times), median(times)) if times else (None, None)
        return Measured(key, title, kind, self.numerators[key], self.denominators[key], mean, middle)
