"""Find the request that an update follows, among the requests of the same organization for the same member.

Senders reuse identifiers, and some reuse the fullUrl of the Claim. So a reference to this server's Claim, or a number
of the payer, counts first. Otherwise the identifier must be that of the prior Claim, if it is known. Of several
requests the one with its fullUrl counts, then the one with its services, then the newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.domain.datatypes import Identifier
from app.domain.request import Party, PriorClaim

Services = frozenset[tuple[int, str]]


class Predecessor(Struct, frozen=True):
    """The request that an update follows. `replaced`: it names a version that another update has replaced."""

    authorization: Authorization
    replaced: bool = False


def predecessor(prior: PriorClaim, requestor: Party, candidates: Iterable[Authorization]) -> Predecessor | None:
    """Return the request that the update follows; None if the payer has not seen it."""
    own = [earlier for earlier in candidates if earlier.items and _same_party(earlier.requestor, requestor)]
    numbers = set(map(canonical, prior.numbers))
    named = [earlier for earlier in own if _refers_to(prior, earlier) or not numbers.isdisjoint(_numbers(earlier))]
    identified = [earlier for earlier in own if earlier.identifier in prior.identifiers]
    if not prior.identifiers:
        identified = own
    current = named or [earlier for earlier in identified if _at(prior.url, (earlier.claim_url,))]
    if current:
        return Predecessor(_likeliest(prior, current))
    names = set(map(name_of, prior.identifiers))
    former = [earlier for earlier in own if not names.isdisjoint(earlier.former_claims)]
    replaced = [earlier for earlier in (*identified, *former) if _at(prior.url, earlier.former_claims)]
    if not replaced and prior.identifiers and identified:
        return Predecessor(_likeliest(prior, identified))
    replaced = replaced or former
    return Predecessor(_likeliest(prior, replaced), replaced=True) if replaced else None


def claim_names(authorization: Authorization) -> tuple[str, ...]:
    """Return the names of the current Claim, for `former_claims`: its fullUrl and its identifier."""
    names = (authorization.claim_url, name_of(authorization.identifier))
    return tuple(name for name in names if name)


def name_of(identifier: Identifier) -> str:
    """Return an identifier as one text."""
    return f"{identifier.system}|{identifier.value}"


def _refers_to(prior: PriorClaim, authorization: Authorization) -> bool:
    return prior.url.endswith(f"Claim/{authorization.claim}")


def _numbers(authorization: Authorization) -> set[str]:
    return {canonical(number) for number in (*authorization.numbers, *authorization.references)}


def _at(url: str, names: Sequence[str]) -> bool:
    return bool(url) and url in names


def _same_party(one: Party, other: Party) -> bool:
    if one.npi is not None or other.npi is not None:
        return one.npi == other.npi
    return not set(one.identifiers).isdisjoint(other.identifiers)


def _likeliest(prior: PriorClaim, candidates: Sequence[Authorization]) -> Authorization:
    """Return the request with the services of the prior Claim; of several, the newest."""
    return max(candidates, key=lambda one: (_services(one) == prior.services, one.updated, one.id))


def _services(authorization: Authorization) -> Services:
    lines = (item.requested for item in authorization.items if not item.requested.detail)
    return frozenset((line.sequence, line.services[0].code if line.services else "") for line in lines)
