"""Deny a claim line that needs an authorization and matches none."""

from __future__ import annotations

from app.domain.adjudication.desk import Desk
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.authorization_number import well_formed
from app.domain.billing import BilledLine, LineResult
from app.domain.line_result import denied


def deny(line: BilledLine, numbers: tuple[str, ...], named: tuple[Authorization, ...], desk: Desk) -> LineResult:
    """Deny a line whose numbers are missing, unknown or malformed, or name authorizations for something else."""
    if not numbers:
        return denied(line, desk.reason(_why_without_number(line, desk)))
    nearest = desk.comparisons.closest(line, named)
    if nearest is None:
        return denied(line, desk.reason(_why_not_found(numbers)))
    mismatches = nearest.mismatches
    return denied(line, desk.reason(mismatches[0].reason_key), mismatches)


def _why_without_number(line: BilledLine, desk: Desk) -> AdjustmentKey:
    usable = any(desk.books.left(candidate) != 0 for candidate in desk.comparisons.exact(line, desk.on_file))
    return AdjustmentKey.NUMBER_OMITTED if usable else AdjustmentKey.NUMBER_NONE_ON_FILE


def _why_not_found(numbers: tuple[str, ...]) -> AdjustmentKey:
    return AdjustmentKey.NUMBER_UNKNOWN if any(map(well_formed, numbers)) else AdjustmentKey.NUMBER_MALFORMED
