"""Build the grant of an external issuer's token: the rights that the token claims and the client's record allow.

Without a record, the claims alone count if the operator lets this issuer vouch for its clients.
"""

from __future__ import annotations

from datetime import datetime

from app.access.grant import OF_PROVIDERS, STAFF, Grant, InvalidToken, Role
from app.access.scope_intersection import common_scopes
from app.access.verifier import Claimed, Verified
from app.ports import Lookup
from app.records.members import find_member
from app.workflow.registry.registry import Principal, Registry

UNKNOWN = "its client is not registered for its issuer, or is disabled"


async def external_grant(
    documents: Lookup, registry: Registry, verified: Verified, claimed: Claimed, now: datetime
) -> Grant:
    """Return the grant of a verified token with its claimed rights. Raises InvalidToken.

    The id of the client includes its issuer: another issuer's client, or ours, may have the same id.
    """
    principal = await registry.claimant(verified.client, verified.issuer, claimed, now)
    if principal is None:
        raise InvalidToken(UNKNOWN)
    client = principal.client
    if claimed.role not in (None, client.role):
        raise InvalidToken("its role is not that of its client")
    patient = await _patient(documents, principal, verified)
    if not _has_subject(principal, patient):
        raise InvalidToken("it names no organization, patient or payer of its client")
    return Grant(
        client=client.key,
        role=client.role,
        organizations=principal.organizations,
        npis=principal.npis,
        tins=principal.tins,
        sender_ids=principal.sender_ids,
        patient=patient,
        payers=principal.payers,
        scopes=common_scopes(verified.scopes, client.scopes),
        user="" if verified.subject == verified.client else verified.subject,
        token=verified.token,
    )


async def _patient(documents: Lookup, principal: Principal, verified: Verified) -> str | None:
    """Return the patient that the token names. Raises InvalidToken if the client stands for another one."""
    member = principal.client.member
    if member is not None:
        stored = await find_member(documents, *member)
        if stored is None or stored.record.patient != verified.patient:
            raise InvalidToken("its patient is not that of its client")
    return verified.patient


def _has_subject(principal: Principal, patient: str | None) -> bool:
    """Return whether the grant names whose data it is about: an organization, a patient or a payer."""
    role: Role = principal.client.role
    if role in OF_PROVIDERS:
        return bool(principal.organizations)
    return bool(principal.payers) if role in STAFF else patient is not None
