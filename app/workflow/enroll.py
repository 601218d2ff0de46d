"""The member of a request: in the payer's register, or registered provisionally if the policy allows it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import Role
from app.access.reach import OWNER, PATIENT, PAYER
from app.domain.covered import CoverageTerms, Covered
from app.domain.identity import Contradiction, Person, contradiction, counted, identifies, is_withheld
from app.domain.request import Member
from app.pas.write_member import write_provisional_coverage, write_provisional_patient
from app.policy.policy import Policy
from app.ports import Document, Term
from app.records import resources
from app.records.members import MemberRecord, StoredMember, find_member
from app.records.resources import Version
from app.records.trail import Event
from app.workflow.call import Call
from app.workflow.changes import Change, MemberChange
from app.workflow.system import System


class Enrolled(Struct, frozen=True):
    """The payer's ids of a member, and the change that belongs in the same commit.

    `patient` is empty if the payer has no such member, withholds it from the client, or has another person on record
    under the member id (then `contradiction` is set). `covered` are the facts for the review and for billing.
    """

    patient: str
    coverage: str
    change: Change = Change()
    contradiction: Contradiction | None = None
    covered: Covered = Covered()


NOBODY = Enrolled("", "")
"""The enrollment of an unknown member whom the payer does not register."""


async def enroll(system: System, call: Call, policy: Policy, member: Member, digest: str) -> Enrolled:
    """Find the member, or register one provisionally, and let the submitting organization see its record.

    Access to a recorded member is granted only if the request has all recorded demographics. `digest` is that of the
    request.
    """
    if not member.member_id:
        return NOBODY  # Two people without a member id are not the same member.
    stored = await find_member(system.documents, policy.name, member.member_id)
    if stored is None:
        registers = policy.members != "registered-only"
        return _provisional(system, policy, member, call.owner, call.now) if registers else NOBODY
    return refusal_of(call, stored, member, digest) or await _on_record(system, stored, member, call.owner)


def refusal_of(call: Call, stored: StoredMember, sent: Member, digest: str) -> Enrolled | None:
    """Refuse a client that contradicts the member's record, or did so too often today. None if nothing is wrong.

    The record counts the contradictions of each provider's client, and the trail notes each refusal. After too many,
    the client gets the answer of an unknown member, whether its demographics are right or wrong.
    """
    record, client, today = stored.record, call.grant.client, call.now.date()
    if is_withheld(record.contradicted, client, today):
        return Enrolled("", "", Change(events=(_event(record, "withhold"),)))
    contradicted = contradiction(sent, record.person)
    if contradicted is None:
        return None
    counts = counted(record.contradicted, client, today, digest) if call.grant.role is Role.PROVIDER else ()
    members = (MemberChange(stored, replace(record, contradicted=counts)),) if counts else ()
    change = Change(members=members, events=(_event(record, "contradict", about=contradicted.value),))
    return Enrolled("", "", change, contradicted)


def _event(record: MemberRecord, action: str, **detail: str) -> Event:
    """Return the event of a refusal. Its subject is the Patient."""
    return Event(action, record.payer, record.patient, detail)


async def _on_record(system: System, stored: StoredMember, member: Member, owner: str) -> Enrolled:
    record = stored.record
    proved = owner not in record.owners and identifies(member, record.person)
    change = await _with_owner(system, stored, owner) if proved else Change()
    return Enrolled(record.patient, record.coverage, change, covered=_as_sent(member))


def _provisional(system: System, policy: Policy, member: Member, owner: str, now: datetime) -> Enrolled:
    person = Person((member.family,) if member.family else (), member.birth_date)
    record = MemberRecord(policy.name, member.member_id, system.ids.new(), system.ids.new(), (owner,), person)
    patient = write_provisional_patient(member, record.patient, policy.name)
    coverage = write_provisional_coverage(member, record.coverage, record.patient, policy.name)
    access = member_readers(record)
    served = tuple(Version(resources.row(resource, access=access, now=now)) for resource in (patient, coverage))
    change = Change(members=(MemberChange(None, record),), served=served)
    return Enrolled(record.patient, record.coverage, change, covered=_as_sent(member))


def _as_sent(member: Member) -> Covered:
    return Covered(member.birth_date, member.gender, (CoverageTerms(plans=member.plans),), recorded=False)


async def _with_owner(system: System, stored: StoredMember, owner: str) -> Change:
    """Let the organization see the member's Patient and Coverage, in all their versions."""
    record = replace(stored.record, owners=(*stored.record.owners, owner))
    widened: list[Document] = []
    for kind, resource_id in (("Patient", record.patient), ("Coverage", record.coverage)):
        document = await system.documents.get(kind, resource_id) if resource_id else None
        if document is not None:
            widened += await resources.widened(system.documents, document, (OWNER, owner))
    return Change(members=(MemberChange(stored, record),), widened=tuple(widened))


def member_readers(record: MemberRecord) -> tuple[Term, ...]:
    """Return the terms of the readers of the member's Patient and Coverage."""
    return ((PAYER, record.payer), (PATIENT, record.patient), *((OWNER, owner) for owner in record.owners))
