"""The share of an organization's recent lines of a service and a provider that missed their authorization."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from msgspec import Struct

from app.domain.bill.bill import AnsweredLine, Bill, BillState, LineAnswer
from app.domain.denials.row import lacks_number

RECENT = timedelta(days=180)
"""The age of the oldest bill that counts."""

MOST_BILLS = 100
"""The bills that count, the newest ones."""

FEWEST_LINES = 10
"""The lines that a share needs. Fewer show nothing."""

NUMBER = "number"
"""The attribute of a line that names no authorization, or one that is not on file."""


class Risk(Struct, frozen=True):
    """The answered lines, and those that did not match an authorization by the first attribute that differs.

    It describes the past and predicts nothing: no rule reads it.
    """

    lines: int
    mismatches: dict[str, int]

    @property
    def share(self) -> float | None:
        """The share of mismatches with two decimals; None for too few lines."""
        if self.lines < FEWEST_LINES:
            return None
        return round(sum(self.mismatches.values()) / self.lines, 2)


def risk_of(bills: Iterable[Bill], service: str, performer: str) -> Risk:
    """Return the risk of a service code and a provider's NPI from the bills of one organization."""
    lines = [line for bill in bills if bill.state is not BillState.VOIDED for line in _lines(bill, service, performer)]
    attributes = Counter(attribute for attribute in map(_mismatch, lines) if attribute)
    return Risk(len(lines), dict(attributes.most_common()))


def _lines(bill: Bill, service: str, performer: str) -> Iterable[AnsweredLine]:
    for line in bill.lines:
        same = line.service is not None and line.service.code == service and line.performer == performer
        if same and line.answer is not LineAnswer.PENDING:
            yield line


def _mismatch(line: AnsweredLine) -> str:
    """Return the attribute by which a line that is not paid in full missed its authorization; empty for other lines."""
    if line.answer is LineAnswer.PAID:
        return ""
    return line.attribute or (NUMBER if lacks_number(line) else "")
