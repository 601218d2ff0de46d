"""Read which billed lines need a referral."""

from __future__ import annotations

from app.domain.parts.line_plan import ReferralTerms
from app.policy.billing.term import BillCondition, Term, all_hold
from app.policy.codes.possible import Npis
from app.policy.facts.line_facts import LineFacts


class Referrals(Term):
    """The lines that need a referral, `unless` the biller's contract frees them. `by`: the NPIs that may refer."""

    unless: tuple[BillCondition, ...] = ()
    by: Npis = frozenset()

    def terms_for(self, facts: LineFacts) -> ReferralTerms | None:
        """Return the terms for a line; None if it needs no referral. A missing fact never frees a line."""
        freed = bool(self.unless) and all_hold(self.unless, facts) is True
        return None if freed or self.holds(facts) is False else ReferralTerms(self.rule, self.by)
