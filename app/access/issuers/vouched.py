"""Decide which rights a token of an external issuer leaves to its client."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.access.registry import Client
from app.access.verifier import Claimed

_EVERY_SCOPE = ("system/*.cruds", "user/*.cruds", "patient/*.cruds")


def vouched_client(id_: str, issuer: str, claimed: Claimed) -> Client | None:
    """Return the client that an issuer vouches for; None without a role, or if the operator does not let the issuer."""
    if not claimed.unregistered or claimed.role is None:
        return None
    return Client(
        id=id_,
        issuer=issuer,
        role=claimed.role,
        scopes=_EVERY_SCOPE,
        organizations=tuple(sorted(claimed.organizations or ())),
        payers=tuple(sorted(claimed.payers or ())),
    )


def within_claims(client: Client, claimed: Claimed) -> Client:
    """Return the client with the organizations and payers that its token claims."""
    return replace(
        client,
        organizations=_claimed(client.organizations, claimed.organizations),
        payers=_claimed(client.payers, claimed.payers),
    )


def _claimed(registered: Sequence[str], claims: frozenset[str] | None) -> tuple[str, ...]:
    """Return the registered ids that a token claims, or each registered id if its issuer makes no such claims."""
    return tuple(id_ for id_ in registered if claims is None or id_ in claims)
