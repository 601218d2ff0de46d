"""The member of a request: in the payer's register, or registered provisionally if the policy allows it."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from app.access.reach import OWNER, PATIENT, PAYER
from app.domain.covered import Covered
from app.domain.member.identity import Contradiction, Person, identifies
from app.domain.request import Member
from app.pas.write_member import write_provisional_coverage, write_provisional_patient
from app.policy.policy import Policy
from app.ports import Document, Term
from app.records import resources
from app.records.members import MemberRecord, StoredMember, member_of_patient, with_coverages
from app.records.resources import Version
from app.workflow.call import Call
from app.workflow.changes import Change, MemberChange
from app.workflow.identify import Identified, identify
from app.workflow.system import System


class Enrolled(Struct, frozen=True):
    """The payer's ids of a member, and the change that belongs in the same commit.

    `patient` is empty if the payer has no such member, withholds it from the client, or has another person on record
    under the member id (then `contradiction` is set). `covered` are the facts for the review and for billing.
    `member_id` is the number that the payer knows or would know the member by; "" if no number is the payer's.
    """

    patient: str
    coverage: str
    change: Change = Change()
    contradiction: Contradiction | None = None
    covered: Covered = Covered()
    member_id: str = ""


NOBODY = Enrolled("", "")
"""The enrollment of an unknown member whom the payer does not register."""


async def enroll(system: System, call: Call, policy: Policy, member: Member, digest: str) -> Enrolled:
    """Find the member, or register one provisionally, and let the submitting organization see its record.

    Access to a recorded member is granted only if the request has all recorded demographics. `digest` is that of the
    request.
    """
    identified = await identify(system, call, policy, member, digest)
    known = identified.stored is not None or identified.refused is not None
    # Two people without a number are not the same member.
    if known or not identified.member_id or policy.members == "registered-only":
        return await _recognized(system, call, policy, member, identified)
    return _provisional(system, call, policy, replace(member, member_id=identified.member_id))


async def recognize(system: System, call: Call, policy: Policy, member: Member, digest: str) -> Enrolled:
    """Find the member as `enroll` does, but register no member: a billing claim is for a known one."""
    identified = await identify(system, call, policy, member, digest)
    return await _recognized(system, call, policy, member, identified)


async def _recognized(system: System, call: Call, policy: Policy, member: Member, identified: Identified) -> Enrolled:
    if identified.refused is not None:
        return Enrolled("", "", identified.refused, identified.contradiction, member_id=identified.member_id)
    if identified.stored is not None:
        return await _on_record(system, call, policy, identified.stored, member)
    return replace(NOBODY, member_id=identified.member_id)


async def _on_record(system: System, call: Call, policy: Policy, stored: StoredMember, member: Member) -> Enrolled:
    stored = await with_coverages(system.documents, stored)
    record = stored.record
    proved = call.owner not in record.owners and identifies(member, record.person)
    change = await _with_owner(system, stored, call.owner) if proved else Change()
    return _enrolled(call, policy, record, member, change)


def _provisional(system: System, call: Call, policy: Policy, member: Member) -> Enrolled:
    person = Person(member.families, member.birth_date, member.gender, recorded=False)
    record = MemberRecord(
        payer=policy.name,
        member_id=member.member_id,
        patient=system.ids.new(),
        coverage=system.ids.new(),
        owners=(call.owner,),
        person=person,
        coverages=(),
        assumed=member.coverage,
    )
    patient = write_provisional_patient(member, record.patient, policy.name)
    coverage = write_provisional_coverage(member, record.coverage, record.patient, policy.name)
    access = member_readers(record)
    served = tuple(Version(resources.row(resource, access=access, now=call.now)) for resource in (patient, coverage))
    return _enrolled(call, policy, record, member, Change(members=(MemberChange(None, record),), served=served))


def _enrolled(call: Call, policy: Policy, record: MemberRecord, sent: Member, change: Change) -> Enrolled:
    covered = _covered(policy, record, sent)
    today = covered.on(policy.day(call.now)).coverages if record.coverages else ()
    coverage = today[0].id if today else record.coverage
    return Enrolled(record.patient, coverage, change, covered=covered, member_id=record.member_id)


async def covered_on_record(system: System, policy: Policy, patient: str, sent: Member) -> Covered | None:
    """Return the facts that the payer has of a patient today; None if it has no record of the member."""
    stored = await member_of_patient(system.documents, policy.name, patient)
    return None if stored is None else _covered(policy, (await with_coverages(system.documents, stored)).record, sent)


def _covered(policy: Policy, record: MemberRecord, sent: Member) -> Covered:
    """Return the facts of the payer's record. Those of the sender count only if the payer accepts unknown members."""
    person, recorded = record.person, record.coverages or ()
    own = person.recorded or policy.members == "registered-only"
    assumed = () if policy.members == "registered-only" else (sent.coverage or record.assumed,)
    return Covered(
        birth_date=person.birth_date or (None if own else sent.birth_date),
        gender=person.gender or (None if own else sent.gender),
        coverages=recorded or tuple(terms for terms in assumed if terms is not None),
        recorded=own and bool(recorded),
        active=person.active if own else sent.active,
        deceased=person.deceased if own else sent.deceased,
    )


async def _with_owner(system: System, stored: StoredMember, owner: str) -> Change:
    """Let the organization see the member's Patient and Coverages, in all their versions."""
    record = replace(stored.record, owners=(*stored.record.owners, owner))
    coverages = dict.fromkeys([record.coverage, *(terms.id for terms in record.coverages or ())])
    widened: list[Document] = []
    for kind, resource_id in (("Patient", record.patient), *(("Coverage", coverage) for coverage in coverages)):
        if resource_id:
            widened += await resources.widened(system.documents, kind, resource_id, (OWNER, owner))
    return Change(members=(MemberChange(stored, record),), widened=tuple(widened))


def member_readers(record: MemberRecord) -> tuple[Term, ...]:
    """Return the terms of the readers of the member's Patient and Coverage."""
    return ((PAYER, record.payer), (PATIENT, record.patient), *((OWNER, owner) for owner in record.owners))
