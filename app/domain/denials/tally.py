"""Add up the answers to billing claims, claim by claim."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from statistics import median

from msgspec import Struct, field

from app.domain.bill.bill import AnsweredLine, Bill, LineAnswer
from app.domain.denials.figures import BILL_FIGURES, REWORK_TIME
from app.domain.denials.row import BillRow, is_denied
from app.domain.metrics.figures import Kind
from app.domain.metrics.report import Measured, Span

SHOWN = 100
"""The rows of a dimension that a report shows, those with the most denials first."""


class Dimension(StrEnum):
    """The fact of a line by which denials are counted. `provider` performs, `biller` bills; both are NPIs."""

    SERVICE = "service"
    PROVIDER = "provider"
    BILLER = "biller"
    ATTRIBUTE = "attribute"
    CARC = "carc"
    REASON = "reason"


class Rate(Struct, frozen=True):
    """The denied and the cut lines with a value of a dimension, and the lines that they are a share of.

    Only a denied or cut line has an attribute, a code or a reason: these are a share of all answered lines.
    """

    dimension: Dimension
    value: str
    denied: int
    cut: int
    lines: int


class DenialReport(Struct, frozen=True):
    """The answers of a period, as they are now. `values`: the number of values of each dimension; not all are shown.

    `unpaid`: the amount of the lines that is not paid, by currency.
    """

    span: Span
    bills: int
    lines: int
    figures: tuple[Measured, ...]
    rates: tuple[Rate, ...]
    values: Mapping[Dimension, int]
    unpaid: Mapping[str, Decimal]


class DenialTally(Struct):
    """The sums so far."""

    span: Span
    bills: int = 0
    lines: int = 0
    numerators: Counter[str] = field(default_factory=Counter)
    denominators: Counter[str] = field(default_factory=Counter)
    denied: Counter[tuple[Dimension, str]] = field(default_factory=Counter)
    cut: Counter[tuple[Dimension, str]] = field(default_factory=Counter)
    answers: Counter[tuple[Dimension, str]] = field(default_factory=Counter)
    unpaid: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    times: array[float] = field(default_factory=lambda: array("d"))

    def add(self, row: BillRow) -> None:
        """Count a claim of the period."""
        self.bills += 1
        self.lines += len(row.lines)
        for figure in BILL_FIGURES:
            numerator, denominator = figure.counts(row)
            self.numerators[figure.key] += numerator
            self.denominators[figure.key] += denominator
        if row.rework_seconds is not None:
            self.times.append(row.rework_seconds)
        for line in row.lines:
            values = values_of(row.bill, line)
            self.answers.update(values)
            self.denied.update(values if is_denied(line) else ())
            self.cut.update(values if line.answer is LineAnswer.PARTLY else ())
            if line.charged is not None and line.paid is not None:
                self.unpaid[line.currency] += line.charged - line.paid

    def report(self) -> DenialReport:
        """Return the figures of the claims so far."""
        return DenialReport(
            self.span,
            self.bills,
            self.lines,
            tuple(self._measured()),
            tuple(rate for dimension in Dimension for rate in self._rates(dimension)),
            {one: sum(dimension is one for dimension, _ in {*self.denied, *self.cut}) for one in Dimension},
            dict(self.unpaid),
        )

    def _measured(self) -> Iterator[Measured]:
        for figure in BILL_FIGURES:
            counts = self.numerators[figure.key], self.denominators[figure.key]
            yield Measured(figure.key, figure.title, Kind.SHARE, *counts)
        times = self.times
        mean, middle = (sum(times) / len(times), median(times)) if times else (None, None)
        title = "Time from a claim that was denied or cut to its replacement"
        yield Measured(REWORK_TIME, title, Kind.TIME, len(times), len(times), mean, middle)

    def _rates(self, dimension: Dimension) -> list[Rate]:
        keys = [key for key in {*self.denied, *self.cut} if key[0] is dimension]
        lines = {key: self.lines if dimension in _OF_DENIALS else self.answers[key] for key in keys}
        rates = [Rate(*key, self.denied[key], self.cut[key], lines[key]) for key in keys]
        return sorted(rates, key=lambda rate: (-rate.denied, -rate.cut, rate.value))[:SHOWN]


_OF_DENIALS = frozenset({Dimension.ATTRIBUTE, Dimension.CARC, Dimension.REASON})


def values_of(bill: Bill, line: AnsweredLine) -> list[tuple[Dimension, str]]:
    """Return the values of a line by dimension. A fact that the line does not have has no value."""
    values = {
        Dimension.SERVICE: "" if line.service is None else f"{line.service.system}|{line.service.code}",
        Dimension.PROVIDER: line.performer,
        Dimension.BILLER: bill.biller,
        Dimension.ATTRIBUTE: line.attribute,
        Dimension.CARC: line.carc,
        Dimension.REASON: line.reason,
    }
    return [(dimension, value) for dimension, value in values.items() if value]
