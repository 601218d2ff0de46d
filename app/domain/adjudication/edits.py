"""Deny a claim line before anything about its authorization."""

from __future__ import annotations

from datetime import date

from app.domain.adjudication.coverage import why_not_covered
from app.domain.adjudication.desk import Desk
from app.domain.adjudication.repeats import Earlier
from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import BilledLine, LineResult
from app.domain.coding.line_faults import diagnosis_faults, line_faults
from app.domain.datatypes import Period
from app.domain.line_result import denied


def edited(line: BilledLine, desk: Desk) -> LineResult | None:
    """Return the denial of a line that no authorization can pay; None for any other line."""
    serviced = line.serviced or Period()
    if serviced.start is None:
        return denied(line, desk.reason(AdjustmentKey.SERVICE_DATE_MISSING))
    # A period without an end is from its first day on.
    last_day = max(serviced.start, serviced.end or date.max)
    not_covered = why_not_covered(desk.facts.covered, serviced.start, last_day)
    if not_covered is not None:
        return denied(line, desk.reason(not_covered))
    if last_day > desk.facts.received and not desk.facts.terms.future_services:
        return denied(line, desk.reason(AdjustmentKey.SERVICE_IN_FUTURE))
    earlier = desk.repeats.earlier(line)
    if earlier is not None and earlier.own:
        return repeated(line, earlier, desk)
    faults = line_faults(line) + diagnosis_faults(line)
    if faults:
        return denied(line, desk.reason(faults[0].key), notes=[fault.problem for fault in faults])
    return None


def repeated(line: BilledLine, earlier: Earlier, desk: Desk) -> LineResult:
    """Deny a line whose service was paid before. Only the biller of the earlier claim learns which claim that is."""
    notes = []
    if earlier.own:
        notes.append(f"Earlier claim: Claim/{earlier.claim}." if earlier.claim else "Earlier claim: a line above.")
    return denied(line, desk.reason(AdjustmentKey.SERVICE_REPEATED), notes=notes)
