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
    patient = verified.patient or await _patient_of(documents, role, member)
    if not principal.has_subject(is_person_known=bool(verified.patient or member)):
        raise InvalidToken(WITHOUT_SUBJECT)
    return principal.grant(verified, verified.scopes, patient)


async def _patient_of(documents: Lookup, role: Role, member: tuple[str, str] | None) -> str | None:
    if role is not Role.PATIENT or member is None:
        return None
    stored = await find_member(documents, *member)
    return None if stored is None else stored.record.patient
