"""The units that the grant of an appeal shares with the item that it appeals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.ledger import unshared

Key = tuple[str, str]
"""The id of an authorization and the number of an item."""


class Pools(Struct, frozen=True):
    """The shared units: `rooms` are those left for each appealed item, `chains` the appealed items of each item.

    An appealed item counts on itself, and the appeal of an appeal on both.
    """

    chains: Mapping[Key, tuple[Key, ...]] = {}
    rooms: Mapping[Key, Decimal] = {}


NO_POOLS = Pools()


def pools_of(authorizations: Iterable[Authorization]) -> Pools:
    """Return the shared units of authorizations. An appealed item that is not among them has none left."""
    known = {authorization.id: authorization for authorization in authorizations}
    chains: dict[Key, tuple[Key, ...]] = {}
    for authorization in known.values():
        for item in authorization.items:
            chain = tuple(_above(authorization, item, known))
            if chain:
                chains[authorization.id, item.requested.number] = chain
    appealed = {pool for chain in chains.values() for pool in chain}
    own = {pool: (pool, *chains.get(pool, ())) for pool in appealed}
    return Pools({**chains, **own}, {pool: _room(pool, known) for pool in appealed}) if chains else NO_POOLS


def _above(authorization: Authorization, item: AuthorizedItem, known: Mapping[str, Authorization]) -> Iterator[Key]:
    """Yield the appealed items above an item, from an appeal to the first request."""
    seen: set[Key] = set()
    below: tuple[Authorization, AuthorizedItem] | None = (authorization, item)
    while below is not None:
        appealed, number = below[0].appealed, below[1].shares_with
        if appealed is None or number is None or (appealed.id, number) in seen:
            return
        seen.add((appealed.id, number))
        yield appealed.id, number
        below = _item((appealed.id, number), known)


def _item(key: Key, known: Mapping[str, Authorization]) -> tuple[Authorization, AuthorizedItem] | None:
    authorization = known.get(key[0])
    if authorization is None:
        return None
    return next(((authorization, item) for item in authorization.items if item.requested.number == key[1]), None)


def _room(key: Key, known: Mapping[str, Authorization]) -> Decimal:
    item = _item(key, known)
    return Decimal(0) if item is None else unshared(item[1])
