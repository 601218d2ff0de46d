"""Whether each line of a billing claim needs an authorization, by the payer's rules on the day of service."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.billing import BilledLine, BillingClaim
from app.domain.covered import Covered
from app.domain.requirement import Requirement
from app.policy.determination.by_code import strictest_requirement
from app.policy.facts.gather import facts_by_line
from app.policy.policy import Policy


def requirements(policy: Policy, claim: BillingClaim, member: Covered) -> Callable[[BilledLine], Requirement]:
    """Return whether a line of the claim needs an authorization, by the rules on its day of service."""
    facts_of = facts_by_line(claim, member)

    def requirement(line: BilledLine) -> Requirement:
        facts = facts_of(line)
        rules = policy.rules_for(facts)
        if policy.billing.referrals:
            # The terms of referrals say which bills need one, so a rule about referrals says nothing of a bill.
            rules = [rule for rule in rules if not rule.about_referrals]
        return strictest_requirement(facts, rules, policy.systems)

    return requirement
