"""The terms of the plan for each line of a bill."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from app.domain.billing import BilledLine, BillingClaim
from app.domain.covered import Covered
from app.domain.parts.line_plan import NO_PLAN, Emergency, LinePlan
from app.policy.billing.billing import Billing
from app.policy.facts.gather import facts_by_line
from app.policy.facts.line_facts import LineFacts

Found = TypeVar("Found")


def line_plans(billing: Billing, claim: BillingClaim, member: Covered) -> Callable[[BilledLine], LinePlan]:
    """Return the plan of each line, by its day of service."""
    if not billing.has_plan:
        return lambda _: NO_PLAN
    facts = facts_by_line(claim, member)
    return lambda line: _plan(billing, line, claim, facts(line))


def _plan(billing: Billing, line: BilledLine, claim: BillingClaim, facts: LineFacts) -> LinePlan:
    emergencies = ((term, term.emergency(facts, line, claim.admission_type)) for term in billing.emergencies)
    emergency = next(((term.rule, found) for term, found in emergencies if found is not Emergency.NO), None)
    return LinePlan(
        outside=_first(term.denial(facts) for term in billing.networks),
        referral=_first(term.terms_for(facts) for term in billing.referrals),
        contract=_first(term.terms_for(facts) for term in billing.contracts),
        emergency=Emergency.NO if emergency is None else emergency[1],
        emergency_rule="" if emergency is None else emergency[0],
    )


def _first(found: Iterable[Found | None]) -> Found | None:
    return next((each for each in found if each is not None), None)
