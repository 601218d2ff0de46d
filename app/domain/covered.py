"""A member's coverage: whether the payer covers the member on a day of service, and under which plans.

The payer's own record says it. For a member accepted unknown, the sender's Coverage says it (`recorded` is False).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.domain.datatypes import Period

IN_FORCE = "active"
"""The only `Coverage.status` of a coverage that pays. A cancelled one is rescinded, a draft is not yet one."""

_ONE_DAY = timedelta(days=1)
_LAST_ORDER = 2**31 - 1
"""The order of a coverage without one: it comes after all others (`Coverage.order` is a positiveInt)."""


class NotCovered(StrEnum):
    """Why a member is not covered on a day."""

    INACTIVE = "inactive"
    DECEASED = "deceased"
    NO_COVERAGE = "no coverage"
    NOT_YET = "before the coverage starts"
    ENDED = "after the coverage ended"
    LAPSED = "between two coverages"


class CoverageTerms(Struct, frozen=True):
    """The terms of one coverage. `plans` are the values of its classes and the codes of its type.

    `id`: that of the payer's Coverage; empty for a coverage as sent.
    `order`: 1 for the primary coverage.
    """

    id: str = ""
    status: str = IN_FORCE
    period: Period = Period()
    plans: tuple[str, ...] = ()
    order: int | None = None

    def on(self, day: date) -> bool:
        """Return whether the coverage is in force on the day."""
        return self.status == IN_FORCE and not self.starts_after(day) and not self.ended_before(day)

    def starts_after(self, day: date) -> bool:
        """Return whether the coverage starts after the day."""
        return self.period.start is not None and day < self.period.start

    def ended_before(self, day: date) -> bool:
        """Return whether the last day of the coverage is before the day."""
        return self.period.end is not None and self.period.end < day


class Covered(Struct, frozen=True):
    """The facts of a member that decide about coverage and rules. None and () mean that a fact is not known.

    `recorded`: False if the facts are those of the sender, because the payer accepted the member unknown.
    """

    birth_date: date | None = None
    gender: str | None = None
    coverages: tuple[CoverageTerms, ...] = ()
    recorded: bool = True
    active: bool = True
    deceased: date | None = None

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans of the first coverage. `on` selects the coverage of a day."""
        return self.coverages[0].plans if self.coverages else ()

    def on(self, day: date) -> Covered:
        """Return the member's facts with the one coverage that counts on a day of service, or with none."""
        in_force = [coverage for coverage in self.coverages if coverage.on(day)]
        return replace(self, coverages=(min(in_force, key=_place),) if in_force else ())

    def why_not_covered(self, day: date, last: date | None = None) -> NotCovered | None:
        """Return why the payer does not cover the member on the day, or on all days to the `last`; None if it does."""
        if not self.active:
            return NotCovered.INACTIVE
        if self.deceased is not None and self.deceased < (last or day):
            return NotCovered.DECEASED
        if not any(coverage.on(day) for coverage in self.coverages):
            return self._nearest(day)
        end = None if last is None else self.covered_until(day)
        return None if last is None or end is None or last <= end else self._nearest(end + _ONE_DAY)

    def covered_until(self, day: date) -> date | None:
        """Return the last day of unbroken coverage from the day on; None if the coverage has no end."""
        last = day
        while ends := [coverage.period.end for coverage in self.coverages if coverage.on(last)]:
            known = [end for end in ends if end is not None and end < date.max]
            if len(known) < len(ends):
                return None
            last = max(known) + _ONE_DAY
        return None if last == day else last - _ONE_DAY

    def _nearest(self, day: date) -> NotCovered:
        active = [coverage for coverage in self.coverages if coverage.status == IN_FORCE]
        ended = any(coverage.ended_before(day) for coverage in active)
        if any(coverage.starts_after(day) for coverage in active):
            return NotCovered.LAPSED if ended else NotCovered.NOT_YET
        return NotCovered.ENDED if ended else NotCovered.NO_COVERAGE


def _place(coverage: CoverageTerms) -> tuple[int, str]:
    """Return the place of a coverage among the member's: by order, then by id."""
    return _LAST_ORDER if coverage.order is None else coverage.order, coverage.id
