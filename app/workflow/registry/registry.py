"""The registered clients, as read from the store at most 30 seconds ago."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from app.access.issuers.vouched import vouched_client, within_claims
from app.access.registry import Client, User, client_key
from app.access.verifier import Claimed
from app.ports import Documents
from app.records.access.registry import find, find_organizations, find_origins
from app.workflow.registry.principal import Principal, principal_of, shared

FRESH_FOR = timedelta(seconds=30)
"""How long a row is used without reading it again. A disabled client can call for no longer."""

MOST_KEPT = 10_000


class Registry:
    """Reads principals from the store, and keeps each for FRESH_FOR. Unknown and disabled ones are not kept."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._origins: tuple[datetime, frozenset[str]] | None = None
        self._kept: dict[tuple[str, str | Claimed], tuple[datetime, Principal]] = {}

    async def principal(
        self, client: str, user: str, now: datetime, organization: str | None = None
    ) -> Principal | None:
        """Return a client of this server, and the user if `user` is not empty; None if one is unknown or disabled.

        The client has the secrets and keys that are valid now. `organization` is the only one that it acts for; None:
        each of its own.
        """
        key = (client, f"{user} {organization or ''}")
        return await self._fresh(key, now, lambda: self._read(client, user, organization, now))

    async def claimant(self, client: str, issuer: str, claimed: Claimed, now: datetime) -> Principal | None:
        """Return a client of an external issuer with the rights that its token claims and its record has.

        Returns None for a disabled client, and for an unknown one, unless the operator lets its issuer vouch for it.
        """
        key = client_key(client, issuer)
        return await self._fresh((key, claimed), now, lambda: self._read_claimant(client, issuer, claimed, now))

    async def _fresh(
        self, key: tuple[str, str | Claimed], now: datetime, read: Callable[[], Awaitable[Principal | None]]
    ) -> Principal | None:
        """Return the principal that was read at most FRESH_FOR ago, or read it."""
        kept = self._kept.get(key)
        if kept is not None and timedelta(0) <= now - kept[0] < FRESH_FOR:
            return kept[1]
        self._kept.pop(key, None)
        principal = await read()
        if principal is not None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (now, principal)
        return principal

    async def origins(self, now: datetime) -> frozenset[str]:
        """Return the web origins of the clients that call from a browser."""
        kept = self._origins
        if kept is None or not timedelta(0) <= now - kept[0] < FRESH_FOR:
            self._origins = kept = (now, await find_origins(self._documents))
        return kept[1]

    async def _read(self, key: str, user_id: str, organization: str | None, now: datetime) -> Principal | None:
        client = await find(self._documents, Client, key)
        user = await find(self._documents, User, user_id) if user_id else None
        if (
            client is None
            or client.disabled
            or client.issuer is not None
            or (user_id and (user is None or user.disabled))
        ):
            return None
        owned = shared(client.organizations, None if user is None else user.organizations)
        only = [id_ for id_ in owned if organization in (None, id_)]
        organizations = await find_organizations(self._documents, only)
        return principal_of(client.at(now.timestamp()), user, organizations)

    async def _read_claimant(self, id_: str, issuer: str, claimed: Claimed, now: datetime) -> Principal | None:
        client = await find(self._documents, Client, client_key(id_, issuer)) or vouched_client(id_, issuer, claimed)
        if client is None or client.disabled:
            return None
        client = within_claims(client.at(now.timestamp()), claimed)
        return principal_of(client, None, await find_organizations(self._documents, client.organizations))
