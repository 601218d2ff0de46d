"""Who a request is about: the payer's own member, registered provisionally where the payer accepts unknown ones."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.access.identity import Contradiction, Person, contradiction, identifies
from app.access.reach import OWNER, PATIENT, PAYER
from app.domain.policy import Policy
from app.domain.request import Member
from app.pas.write_member import write_provisional_coverage, write_provisional_patient
from app.ports import Insert, Term, Write
from app.records import resources
from app.records.members import MemberRecord, StoredMember, find_member, member_insert, member_replace
from app.workflow.system import System


class Enrolled(Struct, frozen=True):
    """The payer's ids of a member, and what must be written in the same commit for them to hold.

    Without a `patient` it is nobody: not a member, or somebody else than the one on record, as `contradiction` says.
    """

    patient: str
    coverage: str
    writes: tuple[Write, ...] = ()
    contradiction: Contradiction | None = None


NOBODY = Enrolled("", "")
"""A member whom the payer does not know and does not register."""


async def enroll(system: System, policy: Policy, member: Member, owner: str, now: datetime) -> Enrolled:
    """Find the member, or register one provisionally, whose record is open to the organisation that asks.

    A record that is there opens only to who says all that it has of the person. Only a member id registers anybody.
    """
    if not member.member_id:
        return NOBODY  # two people without a number are not one member
    stored = await find_member(system.documents, policy.name, member.member_id)
    if stored is None:
        registers = policy.members != "registered-only"
        return _provisional(system, policy, member, owner, now) if registers else NOBODY
    record = stored.record
    against = contradiction(member, record.person)
    if against is not None:
        return Enrolled("", "", contradiction=against)
    opens = owner not in record.owners and identifies(member, record.person)
    return Enrolled(record.patient, record.coverage, await _opened(system, stored, owner) if opens else ())


def _provisional(system: System, policy: Policy, member: Member, owner: str, now: datetime) -> Enrolled:
    person = Person((member.family,) if member.family else (), member.birth_date)
    record = MemberRecord(policy.name, member.member_id, system.ids.new(), system.ids.new(), (owner,), person)
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
            writes += await resources.opened(system.documents, document, (OWNER, owner))
    return tuple(writes)


def member_access(record: MemberRecord) -> tuple[Term, ...]:
    """Who may see the member's Patient and Coverage."""
    return ((PAYER, record.payer), (PATIENT, record.patient), *((OWNER, owner) for owner in record.owners))
