"""Who a request is about: the payer's own member, registered provisionally where the payer accepts unknown ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.access.reach import OWNER, PATIENT, PAYER
from app.domain.policy import Policy
from app.domain.request import Member
from app.pas.write_member import write_provisional_coverage, write_provisional_patient
from app.ports import Insert, Replace, Term, Write
from app.records import resources
from app.records.members import MemberRecord, StoredMember, find_member, member_insert, member_replace
from app.workflow.system import System


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The payer's ids of a member, and what must be written in the same commit for them to hold."""

    patient: str
    coverage: str
    writes: tuple[Write, ...] = ()


NOBODY = Enrolled("", "")
"""A member whom the payer does not know and does not register."""


async def enroll(system: System, policy: Policy, member: Member, owner: str, now: datetime) -> Enrolled:
    """Find the member, or register one provisionally; the member's record opens to the organisation that asks.

    Nobody without a member id is registered.
    """
    if not member.member_id:
        return NOBODY  # two people without a number are not one member
    stored = await find_member(system.documents, policy.name, member.member_id)
    if stored is not None:
        writes = () if owner in stored.record.owners else await _opened(system, stored, owner)
        return Enrolled(stored.record.patient, stored.record.coverage, writes)
    if policy.members == "registered-only":
        return NOBODY
    return _provisional(system, policy, member, owner, now)


def _provisional(system: System, policy: Policy, member: Member, owner: str, now: datetime) -> Enrolled:
    record = MemberRecord(policy.name, member.member_id, system.ids.new(), system.ids.new(), (owner,))
    patient = write_provisional_patient(member, record.patient, policy.name)
    coverage = write_provisional_coverage(member, record.coverage, record.patient, policy.name)
    rows = [resources.row(resource, access=member_access(record), now=now) for resource in (patient, coverage)]
    return Enrolled(record.patient, record.coverage, (member_insert(record), *(Insert(document) for document in rows)))


async def _opened(system: System, stored: StoredMember, owner: str) -> tuple[Write, ...]:
    record = replace(stored.record, owners=(*stored.record.owners, owner))
    writes: list[Write] = [member_replace(stored, record)]
    for kind, resource_id in (("Patient", record.patient), ("Coverage", record.coverage)):
        document = await system.documents.get(kind, resource_id) if resource_id else None
        if document is not None:
            writes.append(Replace(replace(document, terms=(*document.terms, (OWNER, owner)))))
    return tuple(writes)


def member_access(record: MemberRecord) -> tuple[Term, ...]:
    """Who may see the member's Patient and Coverage."""
    return ((PAYER, record.payer), (PATIENT, record.patient), *((OWNER, owner) for owner in record.owners))
