"""The demo's clients by id, the grant that a token of each gets, and people that a test adds."""

from __future__ import annotations

from app.access.grant import Grant
from app.access.ownership import owners_of
from app.access.registry import People
from app.ports import Documents
from app.records.access.registry import Registered, add_row
from app.registry.people_file import demo_people

_PEOPLE = demo_people()

DEMO_CLIENTS = {client.id: client for client in _PEOPLE.clients}


def demo_grant(name: str) -> Grant:
    """Return the grant of a demo client with all its scopes."""
    client = DEMO_CLIENTS[name]
    owned = [organization for organization in _PEOPLE.organizations if organization.id in client.organizations]
    npis = frozenset(npi for organization in owned for npi in organization.npis)
    payers, scopes = frozenset(client.payers), frozenset(client.scopes)
    return Grant(name, client.role, client.organizations, npis, owners=owners_of(owned), payers=payers, scopes=scopes)


async def register(documents: Documents, people: People) -> None:
    """Register the rows whose keys are not taken; the others stay as they are."""
    rows: tuple[Registered, ...] = (*people.organizations, *people.clients, *people.users)
    for row in rows:
        await add_row(documents, row)
