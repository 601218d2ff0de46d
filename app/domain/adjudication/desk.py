"""The working state while one claim is answered."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from app.domain.adjudication.earlier_payers import EarlierPayments
from app.domain.adjudication.facts import BillingFacts
from app.domain.adjudication.numbers import is_referral, numbers_of
from app.domain.adjudication.repeats import Repeats
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.balances.pools import pools_of
from app.domain.billing import AdjudicationReason, BilledLine, BillingClaim
from app.domain.matching.books import Books
from app.domain.matching.candidate import Candidate
from app.domain.matching.comparisons import Comparisons

Visit = tuple[str, str, date]
"""The day of a visit under an item of a referral: the authorization's id, the item's number and the day."""


class Desk(Struct, frozen=True):
    """The facts and the working state for one claim.

    `on_file` are the member's own authorizations. `visits` are those that earlier lines of the claim drew on a
    referral. `payments` are those of earlier payers.
    """

    claim: BillingClaim
    facts: BillingFacts
    on_file: tuple[Authorization, ...]
    comparisons: Comparisons
    books: Books
    repeats: Repeats
    visits: set[Visit]
    payments: EarlierPayments

    def numbers(self, line: BilledLine) -> tuple[str, ...]:
        """Return the canonical numbers for a line: its own, or else the claim's."""
        return numbers_of(line, self.claim)

    def usable(self, line: BilledLine) -> Candidate | None:
        """Return the oldest item on file that matches a line and has units left."""
        matching = self.comparisons.exact(line, self.on_file)
        return next((candidate for candidate in matching if self.books.left(candidate) != 0), None)

    def names_referral(self, number: str) -> bool:
        """Return whether a canonical number names a referral instead of an authorization."""
        return is_referral(self.facts.authorizations.get(number), self.facts.terms)

    def reason(self, key: AdjustmentKey) -> AdjudicationReason:
        """Return the row of reasons.yaml for a key."""
        return self.facts.reasons[key]


def desk_for(claim: BillingClaim, facts: BillingFacts) -> Desk:
    """Begin the work on a claim."""
    of_member = (authorization for authorization in facts.on_file if authorization.patient == facts.patient)
    own = tuple(authorization for authorization in of_member if not is_referral(authorization, facts.terms))
    books = Books(facts.entries, pools_of([*facts.authorizations.values(), *own, *facts.appealed, *facts.decided]))
    repeats = Repeats(facts.services, facts.paid_before)
    comparisons = Comparisons(claim, facts.terms.matching)
    return Desk(claim, facts, own, comparisons, books, repeats, set(), EarlierPayments(claim.earlier_payers))
