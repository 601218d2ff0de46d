"""Deny a claim line before anything about its authorization."""

from __future__ import annotations

from datetime import date

from app.domain.adjudication.coverage import why_not_covered
from app.domain.adjudication.desk import Desk
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
    if last_day > desk.facts.received and not desk.facts.future_services:
        return denied(line, desk.reason(AdjustmentKey.SERVICE_IN_FUTURE))
    faults = line_faults(line) + diagnosis_faults(line)
    if faults:
        return denied(line, desk.reason(faults[0].key), notes=[fault.problem for fault in faults])
    return None
