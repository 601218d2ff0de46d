"""The registered clients, as read from the store at most 30 seconds ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app.access.registry import Client, Organization, User
from app.ports import Documents
from app.records.access.registry import find, find_organizations, find_origins

FRESH_FOR = timedelta(seconds=30)
"""How long a row is used without reading it again. A disabled client can call for no longer."""

MOST_KEPT = 10_000


class Principal(Struct, frozen=True):
    """A client, the user who signed in with it, and the organizations that they act for, with their identifiers."""

    client: Client
    organizations: tuple[str, ...] = ()
    npis: frozenset[str] = frozenset()
    tins: frozenset[str] = frozenset()
    sender_ids: frozenset[str] = frozenset()
    user: User | None = None


class Registry:
    """Reads principals from the store, and keeps each for FRESH_FOR."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._origins: tuple[datetime, frozenset[str]] | None = None
        self._kept: dict[tuple[str, str], tuple[datetime, Principal]] = {}

    async def principal(self, client: str, user: str, now: datetime) -> Principal | None:
        """Return the client, and the user if `user` is not empty; None if one of them is unknown or disabled."""
        key = (client, user)
        kept = self._kept.get(key)
        if kept is not None and timedelta(0) <= now - kept[0] < FRESH_FOR:
            return kept[1]
        self._kept.pop(key, None)
        principal = await self._read(client, user)
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

    async def _read(self, client_id: str, user_id: str) -> Principal | None:
        client = await find(self._documents, Client, client_id)
        user = await find(self._documents, User, user_id) if user_id else None
        if client is None or client.disabled or (user_id and (user is None or user.disabled)):
            return None
        owned = client.organizations if user is None else user.organizations
        return _principal(client, user, await find_organizations(self._documents, owned))


def _principal(client: Client, user: User | None, organizations: Sequence[Organization]) -> Principal:
    return Principal(
        client,
        tuple(organization.id for organization in organizations),
        frozenset(npi for organization in organizations for npi in organization.npis),
        frozenset(tin for organization in organizations for tin in organization.tins),
        frozenset(sender for organization in organizations for sender in organization.sender_ids),
        user,
    )
