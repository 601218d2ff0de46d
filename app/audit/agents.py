"""Write the agents of an AuditEvent: client, server, the holder of the token, and the organization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.audit.access import Actor
from app.audit.patterns import Pattern
from app.codes import (
    BALP_AGENT,
    CALLER_ROLE,
    CLIENT_ID,
    DICOM,
    ORGANIZATION_ID,
    PARTICIPATION,
    REST_INTERACTION,
    ROLE_CLASS,
    USER_ID,
)

Json = dict[str, Any]

OPERATION = {"system": REST_INTERACTION, "code": "operation"}
TOKEN_URN = "urn:ietf:params:oauth:jti:"  # noqa: S105 - the prefix of an id

_TOKEN_HOLDER = {"system": BALP_AGENT, "code": "UserOauthAgent"}
_ORGANIZATION = {"coding": [{"system": ROLE_CLASS, "code": "PROV"}]}
_ADDRESS, _URI = "2", "5"
_UNKNOWN = {"display": "unauthenticated client"}


def agents(actor: Actor, pattern: Pattern) -> Iterator[Json]:
    """Yield the agents. The requestor is the holder of the token, or the client if there is no valid token."""
    yield _machine(pattern.client, client(actor), actor.origin.address, _ADDRESS, requestor=actor.client is None)
    yield _machine(pattern.server, server(actor), actor.origin.base, _URI, requestor=False)
    if actor.client is not None:
        yield _holder(actor, pattern)
    if actor.organization is not None:
        yield {
            "type": _ORGANIZATION,
            "who": {"identifier": {"system": ORGANIZATION_ID, "value": actor.organization}},
            "requestor": False,
        }


def client(actor: Actor) -> Json:
    """Return the reference to the client, by its registered id."""
    return _UNKNOWN if actor.client is None else {"identifier": {"system": CLIENT_ID, "value": actor.client}}


def server(actor: Actor) -> Json:
    """Return the reference to this server, by the base URL of the request."""
    return {"display": actor.origin.base or "preauth"}


def _machine(role: str, who: Json, address: str, kind: str, *, requestor: bool) -> Json:
    agent: Json = {"type": {"coding": [{"system": DICOM, "code": role}]}, "who": who, "requestor": requestor}
    return agent | {"network": {"address": address, "type": kind}} if address else agent


def _holder(actor: Actor, pattern: Pattern) -> Json:
    """Write the holder of the token: the signed-in user if there is one. The token itself is never written."""
    codings = [_TOKEN_HOLDER]
    agent: Json = {"type": {"coding": codings}}
    if actor.role is not None:
        agent["role"] = [{"coding": [{"system": CALLER_ROLE, "code": actor.role.value}]}]
    if actor.user:
        codings = [_TOKEN_HOLDER, {"system": PARTICIPATION, "code": pattern.user}]
        agent |= {"type": {"coding": codings}, "who": {"identifier": {"system": USER_ID, "value": actor.user}}}
    agent["requestor"] = True
    return agent | {"policy": [TOKEN_URN + actor.token]} if actor.token else agent
