"""The table of figures about billing claims. A figure counts claims, or the answered lines of claims."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.bill.bill import AnsweredLine, LineAnswer
from app.domain.denials.row import ORIGINALS, BillRow, has_number, is_denied, needs_number

OfBill = Callable[[BillRow], bool]
OfLine = Callable[[AnsweredLine], bool]

REWORK_TIME = "rework-time"
"""The key of the time from a bill that was denied or cut to its replacement."""


class BillFigure(Struct, frozen=True):
    """The share of the claims `within` that the figure `holds` for."""

    key: str
    title: str
    within: OfBill
    holds: OfBill

    def counts(self, row: BillRow) -> tuple[int, int]:
        """Return what a claim adds to the numerator and to the denominator."""
        within = self.within(row)
        return int(within and self.holds(row)), int(within)


class LineFigure(Struct, frozen=True):
    """The share of the lines `within` that the figure `holds` for."""

    key: str
    title: str
    within: OfLine
    holds: OfLine

    def counts(self, row: BillRow) -> tuple[int, int]:
        """Return what the lines of a claim add to the numerator and to the denominator."""
        within = [line for line in row.bill.lines if self.within(line)]
        return sum(map(self.holds, within)), len(within)


def _is_answered(line: AnsweredLine) -> bool:
    return line.answer is not LineAnswer.PENDING


def _is_original(row: BillRow) -> bool:
    return row.bill.frequency in ORIGINALS and bool(row.bill.lines)


def _passes(row: BillRow) -> bool:
    return row.answered_once and all(line.answer is LineAnswer.PAID for line in row.bill.lines)


def _needs(row: BillRow) -> bool:
    return any(map(needs_number, row.bill.lines))


def _names(row: BillRow) -> bool:
    return all(map(has_number, filter(needs_number, row.bill.lines)))


def _denied_for(key: AdjustmentKey) -> OfLine:
    return lambda line: line.reason == key


BILL_FIGURES: tuple[BillFigure | LineFigure, ...] = (
    LineFigure("lines-denied", "Lines denied", _is_answered, is_denied),
    LineFigure("lines-cut", "Lines paid in part", _is_answered, lambda line: line.answer is LineAnswer.PARTLY),
    LineFigure("lines-pending", "Lines that wait for a decision", lambda _: True, lambda line: not _is_answered(line)),
    LineFigure(
        "denied-none-on-file",
        "Denied lines for which no authorization is on file",
        is_denied,
        _denied_for(AdjustmentKey.NUMBER_NONE_ON_FILE),
    ),
    LineFigure(
        "denied-number-omitted",
        "Denied lines that omit the number of an authorization on file",
        is_denied,
        _denied_for(AdjustmentKey.NUMBER_OMITTED),
    ),
    BillFigure("first-pass", "Original claims paid in full by their first answer", _is_original, _passes),
    BillFigure("linked", "Claims that name every authorization that they need", _needs, _names),
    BillFigure(
        "reworked",
        "Claims denied or cut that a later claim replaces",
        lambda row: row.is_reduced,
        lambda row: row.replaced_at is not None,
    ),
)

BILL_KEYS = {figure.key: figure for figure in BILL_FIGURES}
