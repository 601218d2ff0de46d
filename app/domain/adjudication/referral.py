"""Find the referral of a claim line that needs one. It counts units of its own service, or days of other services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from app.domain.adjudication.allocation import NO_TERMS, allocate
from app.domain.adjudication.desk import Desk
from app.domain.adjudication.numbers import NamedAuthorizations
from app.domain.adjustment_key import AdjustmentKey
from app.domain.balances.days import days_of
from app.domain.balances.portions import MOST_DAYS
from app.domain.billing import BilledLine, Draw, LineResult
from app.domain.datatypes import Period
from app.domain.line_result import denied
from app.domain.matching.candidate import Candidate, closest
from app.domain.matching.mismatch import Mismatch
from app.domain.parts.line_plan import Emergency, LinePlan, ReferralTerms

_NOT_COMPARED = frozenset(
    {
        AdjustmentKey.PROCEDURE_DIFFERS,
        AdjustmentKey.MODIFIER_DIFFERS,
        AdjustmentKey.COMPONENT_DIFFERS,
        AdjustmentKey.LEVEL_OF_CARE_DIFFERS,
        AdjustmentKey.DIAGNOSIS_DIFFERS,
        AdjustmentKey.DIAGNOSIS_MISSING,
        AdjustmentKey.PLACE_DIFFERS,
        AdjustmentKey.PLACE_MISSING,
        AdjustmentKey.FACILITY_DIFFERS,
        AdjustmentKey.FACILITY_MISSING,
        AdjustmentKey.BILLING_PROVIDER_DIFFERS,
        AdjustmentKey.BILLING_PROVIDER_MISSING,
        AdjustmentKey.UNIT_DIFFERS,
    }
)
"""A referral sends the patient to a provider for some visits. Its requestor is not the biller."""


class Referred(Struct, frozen=True):
    """The visit that a line draws on its referral, or the denial of a line without one."""

    draws: tuple[Draw, ...] = ()
    denial: LineResult | None = None


def referred(line: BilledLine, plan: LinePlan, named: NamedAuthorizations, desk: Desk) -> Referred:
    """Draw on the referral that the claim names. A line that needs none, or is an emergency, draws nothing."""
    terms = plan.referral
    if terms is None or plan.emergency is Emergency.YES:
        return Referred()
    candidates = desk.comparisons.each(line, named.referrals)
    fitting = [candidate for candidate in candidates if not _differences(candidate)]
    if not fitting:
        differences = _differences(closest(candidates)) if candidates else ()
        return Referred(denial=_denied(line, AdjustmentKey.REFERRAL_ABSENT, terms, desk, differences))
    if terms.by:
        fitting = [candidate for candidate in fitting if candidate.authorization.requestor.npi in terms.by]
    if not fitting:
        return Referred(denial=_denied(line, AdjustmentKey.REFERRAL_BY_OTHER, terms, desk))
    return _drawn(line, fitting, terms, desk)


def _drawn(line: BilledLine, fitting: list[Candidate], terms: ReferralTerms, desk: Desk) -> Referred:
    """Draw the units of the referred service, or one visit for the other services of a day.

    A line of several days has at most as many visits as units.
    """
    for_service = [candidate for candidate in fitting if not candidate.mismatches]
    keys = [candidate.key for candidate in fitting]
    days = [day for day in _days(line) if not any((*key, day) in desk.visits for key in keys)]
    if not for_service and not days:
        return Referred()
    visits = line if for_service else replace(line, quantity=Decimal(min(len(days), max(ceil(line.quantity), 1))))
    terms_of_units = desk.facts.terms.matching if for_service else NO_TERMS
    allocation = allocate(for_service or fitting, visits, desk.books, terms_of_units)
    if allocation.unpaid:
        return Referred(denial=_denied(line, AdjustmentKey.REFERRAL_USED_UP, terms, desk))
    return Referred(allocation.draws)


def with_referral(result: LineResult, referral: Referred) -> LineResult:
    """Add the visit to the draws of a paid line."""
    if not result.paid or not referral.draws:
        return result
    notes = [f"Visit under referral {draw.number}." for draw in referral.draws]
    return replace(result, draws=(*result.draws, *referral.draws), notes=(*result.notes, *notes))


def record_visits(line: BilledLine, result: LineResult, desk: Desk) -> None:
    """Record the days of a paid line whose visits it draws. Fewer visits than days may be on any of them."""
    for draw in result.draws:
        visits = [(draw.authorization, draw.item, day) for day in _days(line)]
        if draw.units >= sum(visit not in desk.visits for visit in visits):
            desk.visits.update(visits)


def _days(line: BilledLine) -> list[date]:
    """Return the days of a line, at most MOST_DAYS."""
    serviced = line.serviced or Period()
    return list(days_of(serviced, Decimal(MOST_DAYS)))


def _differences(candidate: Candidate) -> tuple[Mismatch, ...]:
    return tuple(mismatch for mismatch in candidate.mismatches if mismatch.reason_key not in _NOT_COMPARED)


def _denied(
    line: BilledLine, key: AdjustmentKey, terms: ReferralTerms, desk: Desk, differences: tuple[Mismatch, ...] = ()
) -> LineResult:
    return denied(line, desk.reason(key), differences, notes=[terms.rule])
