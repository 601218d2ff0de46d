"""Build the caller's grant from a verified token and the registered client behind it."""

from __future__ import annotations

from datetime import datetime

from app.access.grant import Grant, InvalidToken, Role
from app.access.verifier import Verified
from app.ports import Lookup
from app.records.members import find_member
from app.workflow.registry.external import external_grant
from app.workflow.registry.registry import Registry

UNKNOWN = "its client is not registered, or is disabled"
WITHOUT_SUBJECT = "it names no organization, patient or payer"


async def grant_of(documents: Lookup, registry: Registry, verified: Verified, now: datetime) -> Grant:
    """Return the grant of a verified token. Raises InvalidToken if its client is unknown, disabled or without subject.

    A patient without a Patient on record yet has a grant that reaches nothing. The patient in context of other users
    limits their `patient/` scopes.
    """
    if verified.claimed is not None:
        return await external_grant(documents, registry, verified, verified.claimed, now)
    user = "" if verified.subject == verified.client else verified.subject
    principal = await registry.principal(verified.client, user, now, verified.organization)
    if principal is None:
        raise InvalidToken(UNKNOWN)
    role = principal.client.role
    if principal.user is not None and principal.user.role is not role:
        raise InvalidToken("its user has another role than its client")
    member = (principal.user or principal.client).member
    patient = await _patient(documents, role, member, verified.patient)
    if not principal.has_subject(is_person_known=bool(verified.patient or member)):
        raise InvalidToken(WITHOUT_SUBJECT)
    return principal.grant(verified, verified.scopes, patient)


async def _patient(documents: Lookup, role: Role, member: tuple[str, str] | None, named: str | None) -> str | None:
    """Return the patient of a member, or else the one that the token names.

    Raises InvalidToken if the token names another patient: the operator may have given the user another member.
    """
    if role is not Role.PATIENT or member is None:
        return named
    stored = await find_member(documents, *member)
    patient = None if stored is None else stored.record.patient
    if named not in (None, patient):
        raise InvalidToken("its patient is not that of its user or client")
    return patient
