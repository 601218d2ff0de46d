"""Build the grant of an external issuer's token: the rights that the token claims and the client's record allow.

Without a record, the claims alone count if the operator lets this issuer vouch for its clients.
"""

from __future__ import annotations

from datetime import datetime

from app.access.grant import Grant, InvalidToken
from app.access.scope_intersection import common_scopes
from app.access.verifier import Claimed, Verified
from app.ports import Lookup
from app.records.members import find_member
from app.workflow.registry.principal import Principal
from app.workflow.registry.registry import Registry

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
    if not principal.has_subject(is_person_known=patient is not None):
        raise InvalidToken("it names no organization, patient or payer of its client")
    return principal.grant(verified, common_scopes(verified.scopes, client.scopes), patient)


async def _patient(documents: Lookup, principal: Principal, verified: Verified) -> str | None:
    """Return the patient that the token names. Raises InvalidToken if the client stands for another one."""
    member = principal.client.member
    if member is not None:
        stored = await find_member(documents, *member)
        if stored is None or stored.record.patient != verified.patient:
            raise InvalidToken("its patient is not that of its client")
    return verified.patient
