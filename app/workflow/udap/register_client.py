"""Register a client by its software statement: https://hl7.org/fhir/us/udap-security/registration.html.

A client has the organizations that the operator bound to its certificate. Without one, its tokens are refused.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from app.access.grant import Role
from app.access.registry import Client, ClientAuth, Source
from app.access.udap.community import NotTrusted, Stated, UdapServer
from app.access.udap.statement import Registration, RegistrationRefused, read_registration
from app.ports import Conflict
from app.records.access.registry import add_row, change_row
from app.records.smart.shelf import digest
from app.records.smart.used import use_once
from app.workflow.system import System

CREATED, DONE = 201, 200
ID_CHARACTERS = 32
STRANGER = "a stranger to the community"
"""The name that the limits count untrusted statements by. No client id has spaces."""


def client_id_of(uri: str) -> str:
    """Return the client id of a member: always the same, so that a new statement replaces the earlier one."""
    return f"udap-{digest(uri)[:ID_CHARACTERS]}"


async def register_client(
    system: System, server: UdapServer, statement: str, address: str
) -> tuple[int, dict[str, Any]]:
    """Register, change or cancel a client; return the HTTP status and the answer.

    Raises RegistrationRefused, and ThrottledError after too many statements of strangers from one address.
    """
    now = system.clock.now()
    stated = await _verified(system, server, statement, address)
    registration = read_registration(stated, server, now.timestamp())
    await _use_once(system, registration, now)
    status = await _store(system, server, registration)
    return status, {
        "client_id": client_id_of(registration.uri),
        "software_statement": statement,
        "client_name": registration.name,
        "grant_types": list(registration.grants),
        "token_endpoint_auth_method": ClientAuth.PRIVATE_KEY_JWT,
        "scope": " ".join(registration.scopes),
    }


async def _verified(system: System, server: UdapServer, statement: str, address: str) -> Stated:
    """Return the claims of a statement of the community's members; strangers take turns, and are counted."""
    async with system.contention.turn([f"{STRANGER} {address}"]):
        now = system.clock.now()
        system.budgets.limiter.attempt(STRANGER, address, now.timestamp())
        try:
            stated = await asyncio.to_thread(server.verifier.verify, statement, now)
        except NotTrusted as refused:
            raise RegistrationRefused("unapproved_software_statement", str(refused)) from refused
        system.budgets.limiter.forgive(STRANGER, address, now.timestamp())
    return stated


async def _use_once(system: System, registration: Registration, now: datetime) -> None:
    try:
        await use_once(system.documents, registration.uri, registration.jti, now, registration.expires)
    except Conflict as used:
        raise RegistrationRefused("invalid_software_statement", "The software statement was used before.") from used


async def _store(system: System, server: UdapServer, registration: Registration) -> int:
    """Store the client and return the HTTP status. Raises RegistrationRefused if an administrator disabled it."""
    id_ = client_id_of(registration.uri)
    bound = server.organizations.get(registration.uri)
    changed = await change_row(system.documents, Client, id_, lambda row: _changed(row, registration, bound))
    if changed is not None:
        if changed.udap != registration.uri:
            raise RegistrationRefused("unapproved_software_statement", "The client was registered in another way.")
        if changed.locked:
            raise RegistrationRefused("unapproved_software_statement", "The operator disabled this client.")
        return DONE
    if not registration.grants:
        raise RegistrationRefused("invalid_software_statement", "The client has no registration to cancel.")
    client = Client(
        id=id_,
        name=registration.name,
        role=Role.PROVIDER,
        scopes=registration.scopes,
        organizations=bound or (),
        source=Source.UDAP,
        udap=registration.uri,
    )
    return CREATED if await add_row(system.documents, client) else await _store(system, server, registration)


def _changed(row: Client, registration: Registration, bound: tuple[str, ...] | None) -> Client:
    """Return the row with the metadata of the new statement. A lock stays, and so does a client of another source.

    The organizations that the operator binds now count; without a word about this member, its former ones stay.
    """
    if row.locked or row.udap != registration.uri:
        return row
    if not registration.grants:
        return replace(row, disabled=True)
    organizations = row.organizations if bound is None else bound
    return replace(row, name=registration.name, scopes=registration.scopes, organizations=organizations, disabled=False)
