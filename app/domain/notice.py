"""The parts of a decision that a notice of it names: its criterion, the documents it asks for, and the appeal.

They are stored with the decision, because the policy may change later.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from app.codes import LOINC, X12_REPORT_TYPE
from app.domain.span import Span


class Criterion(Struct, frozen=True):
    """The rule behind a decision: its title, and its reference in the payer's documents."""

    title: str
    reference: str


class AskedDocument(Struct, frozen=True, omit_defaults=True):
    """A document that a reviewer needs, by the code and the name of its type.

    The code is that of LOINC, or if `loinc` is empty the `report_type` of X12 755 (PWK01).
    """

    loinc: str
    name: str
    report_type: str = ""

    @property
    def code(self) -> str:
        """The code of the type."""
        return self.loinc or self.report_type

    @property
    def type(self) -> tuple[str, str]:
        """The system and the code of the type."""
        return (LOINC, self.loinc) if self.loinc else (X12_REPORT_TYPE, self.report_type)

    def __str__(self) -> str:
        return f"{self.name} ({f'LOINC {self.loinc}' if self.loinc else f'report type {self.report_type}'})"


class AppealRight(Struct, frozen=True):
    """The right to appeal a decision: its last day, and how to appeal, also in urgent cases."""

    until: date
    how: str
    expedited: str | None = None


class AppealTerms(Struct, frozen=True):
    """The payer's terms of an appeal: the time from the day after the decision, and how to appeal."""

    within: Span
    how: str
    expedited: str | None = None

    def right(self, decided: date) -> AppealRight:
        """Return the right to appeal a decision of this day."""
        return AppealRight(self.within.end(decided + timedelta(days=1)), self.how, self.expedited)
