"""Deny a claim line before anything about its authorization. The edits come in a fixed order; the first one counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.domain.adjudication.coverage import why_not_covered
from app.domain.adjudication.desk import Desk
from app.domain.adjudication.earlier_payers import lacks_earlier_answer
from app.domain.adjudication.repeats import Earlier
from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import BilledLine, LineResult
from app.domain.coding.line_faults import diagnosis_faults, line_faults
from app.domain.datatypes import Period
from app.domain.line_result import denied
from app.domain.matching.stay_days import billed_days


def edited(line: BilledLine, desk: Desk) -> LineResult | None:
    """Return the denial of a line that no authorization can pay; None for any other line."""
    serviced = line.serviced or Period()
    if serviced.start is None:
        return denied(line, desk.reason(AdjustmentKey.SERVICE_DATE_MISSING))
    # A period without an end is from its first day on.
    days = (serviced.start, max(serviced.start, serviced.end or date.max))
    return next((denial for edit in _EDITS if (denial := edit(line, days, desk)) is not None), None)


def repeated(line: BilledLine, earlier: Earlier, desk: Desk) -> LineResult:
    """Deny a line whose service was paid before. Only the biller of the earlier claim learns which claim that is."""
    notes = []
    if earlier.own:
        notes.append(f"Earlier claim: Claim/{earlier.claim}." if earlier.claim else "Earlier claim: a line above.")
    return denied(line, desk.reason(AdjustmentKey.SERVICE_REPEATED), notes=notes)


_Days = tuple[date, date]
_Edit = Callable[[BilledLine, _Days, Desk], LineResult | None]


def _not_covered(line: BilledLine, days: _Days, desk: Desk) -> LineResult | None:
    """Deny a service on a day without coverage. The day of discharge needs none."""
    key = why_not_covered(desk.facts.covered, days[0], billed_days(line).end or days[1])
    return None if key is None else denied(line, desk.reason(key))


def _in_future(line: BilledLine, days: _Days, desk: Desk) -> LineResult | None:
    if desk.facts.terms.future_services or days[1] <= desk.facts.received:
        return None
    return denied(line, desk.reason(AdjustmentKey.SERVICE_IN_FUTURE))


def _faulted(line: BilledLine, _days: _Days, desk: Desk) -> LineResult | None:
    fault = desk.facts.fault
    return None if fault is None else denied(line, desk.reason(fault.key), notes=fault.notes)


def _own_repeat(line: BilledLine, _days: _Days, desk: Desk) -> LineResult | None:
    earlier = desk.repeats.earlier(line)
    return repeated(line, earlier, desk) if earlier is not None and earlier.own else None


def _filed_late(line: BilledLine, days: _Days, desk: Desk) -> LineResult | None:
    limit, last_day = desk.facts.terms.filing, days[1]
    if limit is None or last_day >= desk.facts.received:
        return None
    until = limit.until(last_day, secondary=desk.claim.earlier_payers.number > 0)
    if desk.facts.received <= until:
        return None
    note = f"The last day for the claim was {until} ({limit.reference})."
    return denied(line, desk.reason(AdjustmentKey.FILED_LATE), notes=[note])


def _earlier_answer_missing(line: BilledLine, days: _Days, desk: Desk) -> LineResult | None:
    if not lacks_earlier_answer(desk.claim, desk.facts.covered, days[0]):
        return None
    return denied(line, desk.reason(AdjustmentKey.PRIMARY_ANSWER_MISSING))


def _impossible_code(line: BilledLine, _days: _Days, desk: Desk) -> LineResult | None:
    faults = line_faults(line) + diagnosis_faults(line)
    if not faults:
        return None
    return denied(line, desk.reason(faults[0].key), notes=[fault.problem for fault in faults])


_EDITS: tuple[_Edit, ...] = (
    _not_covered,
    _in_future,
    _faulted,
    _own_repeat,
    _filed_late,
    _earlier_answer_missing,
    _impossible_code,
)
