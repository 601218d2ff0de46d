"""A billing claim as the figures see it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.bill.bill import AnsweredLine, Bill, LineAnswer
from app.domain.parts.link_way import LinkWay

ORIGINALS = frozenset({"1", "2", "3", "4"})
"""The NUBC frequencies of claims that replace and void no other claim."""

_MISSING = frozenset(
    {
        AdjustmentKey.NUMBER_NONE_ON_FILE,
        AdjustmentKey.NUMBER_OMITTED,
        AdjustmentKey.NUMBER_MALFORMED,
        AdjustmentKey.NUMBER_UNKNOWN,
    }
)
"""The reasons of a line that needs an authorization, but does not name one on file."""


class BillRow(Struct, frozen=True):
    """A bill with the facts that its record alone does not have.

    `answered_once`: its first answer is its answer now. `replaced_at`: the receipt of the claim that replaces it.
    """

    bill: Bill
    answered_once: bool = True
    replaced_at: datetime | None = None

    @property
    def lines(self) -> tuple[AnsweredLine, ...]:
        """The lines with an answer. A line that waits has none."""
        return tuple(line for line in self.bill.lines if line.answer is not LineAnswer.PENDING)

    @property
    def is_reduced(self) -> bool:
        """Whether a line was denied or cut."""
        return any(line.answer in {LineAnswer.DENIED, LineAnswer.PARTLY} for line in self.bill.lines)

    @property
    def rework_seconds(self) -> float | None:
        """The time from the receipt of a reduced bill to that of its replacement; None if it has none."""
        if self.replaced_at is None or not self.is_reduced:
            return None
        return (self.replaced_at - self.bill.received).total_seconds()


def needs_number(line: AnsweredLine) -> bool:
    """Return whether the line is about an authorization, or is denied because it names none."""
    return bool(line.links) or lacks_number(line)


def lacks_number(line: AnsweredLine) -> bool:
    """Return whether the line is denied because it names no authorization that is on file."""
    return line.reason in _MISSING


def has_number(line: AnsweredLine) -> bool:
    """Return whether the line itself, or its claim, names the authorization that it is linked to."""
    return any(link.way is not LinkWay.AUTO for link in line.links) and not lacks_number(line)


def is_denied(line: AnsweredLine) -> bool:
    """Return whether nothing of the line is paid."""
    return line.answer is LineAnswer.DENIED
