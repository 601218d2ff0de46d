"""The authorization numbers of a claim, and the authorizations that they name."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app.domain.adjudication.facts import BillingFacts
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.domain.billing import BillingClaim


def claimed_numbers(claim: BillingClaim) -> frozenset[str]:
    """Return the canonical authorization numbers of the claim and its lines, to look up before `adjudicate`."""
    own = {canonical(line.authorization_number) for line in claim.lines if line.authorization_number}
    return frozenset(own.union(() if all(line.authorization_number for line in claim.lines) else shared_numbers(claim)))


def shared_numbers(claim: BillingClaim) -> tuple[str, ...]:
    """Return the claim's canonical numbers without duplicates. They apply to lines without a number of their own."""
    return tuple(dict.fromkeys(map(canonical, claim.numbers)))


class NamedAuthorizations(Struct, frozen=True):
    """The member's authorizations that numbers name.

    `by_number`: those that a line can draw on, also by a replaced number, and requests without an authorization number.
    `by_reference`: approved requests that the claim names by their administration number.
    """

    by_number: tuple[Authorization, ...] = ()
    by_reference: tuple[Authorization, ...] = ()

    @property
    def all(self) -> tuple[Authorization, ...]:
        """All of them."""
        return self.by_number + self.by_reference


def named_authorizations(numbers: Iterable[str], facts: BillingFacts) -> NamedAuthorizations:
    """Find the member's authorizations. One of another member counts as unknown, so that no answer reveals it."""
    by_number: list[Authorization] = [one for one in facts.decided if one.patient == facts.patient]
    by_reference: list[Authorization] = []
    decided = {one.id for one in by_number}
    for number in numbers:
        authorization = facts.authorizations.get(number)
        if authorization is None or authorization.patient != facts.patient or authorization.id in decided:
            continue
        approved_since = bool(authorization.numbers) and number not in map(canonical, authorization.numbers)
        (by_reference if approved_since else by_number).append(authorization)
    return NamedAuthorizations(tuple(by_number), tuple(by_reference))
