"""Who a request is about: the payer's own member, registered provisionally where the payer accepts unknown ones."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import Role
from app.access.reach import OWNER, PATIENT, PAYER
from app.domain.identity import Contradiction, Person, contradiction, counted, identifies, is_withheld
from app.domain.request import Member
from app.pas.write_member import write_provisional_coverage, write_provisional_patient
from app.policy.policy import Policy
from app.ports import Insert, Term, Write
from app.records import resources
from app.records.members import MemberRecord, StoredMember, find_member, member_insert, member_replace
from app.records.trail import event
from app.workflow.rows import act_of
from app.workflow.system import Call, System


class Enrolled(Struct, frozen=True):
    """The payer's ids of a member, and what must be written in the same commit.

    Without a `patient` it is nobody: not a member, one that is withheld from the client, or somebody else than the one
    on record, as `contradiction` says.
    """

    patient: str
    coverage: str
    writes: tuple[Write, ...] = ()
    contradiction: Contradiction | None = None


NOBODY = Enrolled("", "")
"""A member whom the payer does not know and does not register."""


async def enroll(system: System, call: Call, policy: Policy, member: Member, body: str) -> Enrolled:
    """Find the member, or register one provisionally, whose record is open to the organization that asks.

    A record that is there opens only to who says all that it has of the person. Only a member id registers anybody.
    `body` is the digest of what was sent.
    """
    if not member.member_id:
        return NOBODY  # two people without a number are not one member
    stored = await find_member(system.documents, policy.name, member.member_id)
    if stored is None:
        registers = policy.members != "registered-only"
        return _provisional(system, policy, member, call.owner, call.now) if registers else NOBODY
    return refused(system, call, stored, member, body) or await _known(system, stored, member, call.owner)


def refused(system: System, call: Call, stored: StoredMember, said: Member, body: str) -> Enrolled | None:
    """Return nobody where the sender contradicts the member's record, or did so too often today; else None.

    The contradictions of a provider's client are counted in the member's record, and each refusal is noted in the
    trail. A client that had its share gets the answer of an unknown member, whether what it says is right or wrong.
    """
    record, client, today = stored.record, call.grant.client, call.now.date()
    if is_withheld(record.contradicted, client, today):
        return Enrolled("", "", (_noted(system, call, record, "withhold"),))
    against = contradiction(said, record.person)
    if against is None:
        return None
    writes: list[Write] = [_noted(system, call, record, "contradict", about=against.value)]
    if call.grant.role is Role.PROVIDER:
        counts = counted(record.contradicted, client, today, body)
        if counts != record.contradicted:
            writes.append(member_replace(stored, replace(record, contradicted=counts)))
    return Enrolled("", "", tuple(writes), against)


def _noted(system: System, call: Call, record: MemberRecord, action: str, **detail: str) -> Write:
    """Note in the trail who did not get past the member's record; the event is about the Patient."""
    return event(system.ids.new(), act_of(call, action), payer=record.payer, subject=record.patient, detail=detail)


async def _known(system: System, stored: StoredMember, member: Member, owner: str) -> Enrolled:
    record = stored.record
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
