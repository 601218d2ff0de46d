"""The authorization numbers of a claim, and the authorizations that they name."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app.domain.adjudication.facts import BillingFacts
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.domain.billing import BilledLine, BillingClaim
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.parts.billing_terms import BillingTerms


def claimed_numbers(claim: BillingClaim) -> frozenset[str]:
    """Return the canonical authorization numbers of the claim and its lines, to look up before `adjudicate`."""
    own = {canonical(line.authorization_number) for line in claim.lines if line.authorization_number}
    shared = () if all(line.authorization_number for line in claim.lines) else shared_numbers(claim)
    return frozenset(own.union(shared, map(canonical, claim.referrals)))


def shared_numbers(claim: BillingClaim) -> tuple[str, ...]:
    """Return the claim's canonical numbers without duplicates. They apply to lines without a number of their own."""
    return tuple(dict.fromkeys(map(canonical, claim.numbers)))


def numbers_of(line: BilledLine, claim: BillingClaim) -> tuple[str, ...]:
    """Return the canonical numbers for a line: its own, or else the claim's."""
    own = line.authorization_number
    return (canonical(own),) if own else shared_numbers(claim)


class NamedAuthorizations(Struct, frozen=True):
    """The member's authorizations that numbers name.

    `by_number`: those that a line can draw on, also by a replaced number, and requests without an authorization number.
    `by_reference`: approved requests that the claim names by their administration number.
    `referrals`: referrals, if some services of the plan need one.
    """

    by_number: tuple[Authorization, ...] = ()
    by_reference: tuple[Authorization, ...] = ()
    referrals: tuple[Authorization, ...] = ()

    @property
    def all(self) -> tuple[Authorization, ...]:
        """All of them."""
        return self.by_number + self.by_reference


def named_authorizations(line_numbers: Iterable[str], claim: BillingClaim, facts: BillingFacts) -> NamedAuthorizations:
    """Find the member's authorizations. One of another member counts as unknown, so that no answer reveals it."""
    numbers = tuple(line_numbers)
    by_number: list[Authorization] = []
    by_reference: list[Authorization] = []
    referrals: list[Authorization] = []
    taken: set[str] = set()
    for decided in facts.decided:
        if decided.patient == facts.patient:
            (referrals if is_referral(decided, facts.terms) else by_number).append(decided)
            taken.add(decided.id)
    for number in dict.fromkeys((*numbers, *map(canonical, claim.referrals))):
        authorization = facts.authorizations.get(number)
        if authorization is None or authorization.patient != facts.patient or authorization.id in taken:
            continue
        approved_since = bool(authorization.numbers) and number not in map(canonical, authorization.numbers)
        if is_referral(authorization, facts.terms):
            referrals.append(authorization)
        elif number in numbers:
            (by_reference if approved_since else by_number).append(authorization)
    return NamedAuthorizations(tuple(by_number), tuple(by_reference), tuple(referrals))


def is_referral(authorization: Authorization | None, terms: BillingTerms) -> bool:
    """Return whether an authorization is only a referral, under a plan whose services need one."""
    if authorization is None or not terms.referrals:
        return False
    return authorization.types == (AuthorizationType.REFERRAL,)
