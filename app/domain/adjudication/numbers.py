"""The authorization numbers of a claim, and the authorizations that they name."""

from __future__ import annotations

from collections.abc import Iterable

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


def named_authorizations(numbers: Iterable[str], facts: BillingFacts) -> tuple[Authorization, ...]:
    """Return the member's authorizations that the numbers name.

    An authorization of another member counts as unknown, so that no answer reveals it. An administration number finds
    its request only until an authorization number exists.
    """
    authorizations = ((number, facts.authorizations.get(number)) for number in numbers)
    return tuple(
        authorization
        for number, authorization in authorizations
        if authorization is not None
        and authorization.patient == facts.patient
        and authorization.number in {None, number}
    )
