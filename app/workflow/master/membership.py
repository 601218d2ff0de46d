"""The payer's register of members follows the Patients and Coverages that an administrator stores."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from app.access.reach import PATIENT, PAYER
from app.domain.member.identity import Person
from app.fhir.outcome import Fault, FhirError, Issue
from app.ports import Document, Term
from app.records.members import (
    MemberRecord,
    StoredMember,
    find_member,
    member_id_of,
    member_of_patient,
    person_of,
    terms_of,
    with_coverages,
)
from app.workflow.changes import Change, MemberChange
from app.workflow.enroll import member_readers
from app.workflow.system import System


async def membership(
    system: System, payer: str, resource: dict[str, Any], before: Document | None = None
) -> tuple[tuple[Term, ...], Change]:
    """Return the terms of the resource's readers, and the change to the payer's register of members.

    `before` is the version that the administrator replaces; None for a new resource.
    """
    if resource["resourceType"] == "Patient":
        return await _of_patient(system, payer, resource)
    if resource["resourceType"] == "Coverage":
        return await _of_coverage(system, payer, resource, before)
    return ((PAYER, payer),), Change()


async def _of_patient(system: System, payer: str, patient: dict[str, Any]) -> tuple[tuple[Term, ...], Change]:
    policy, now = system.payers.get(payer), system.clock.now()
    today = policy.day(now) if policy else now.date()
    member_id = member_id_of(patient, today, policy.member_systems if policy else ())
    if member_id is None:
        text = "A Patient must have its member id: an identifier of type MB (v2-0203) with a value."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Patient.identifier", "required"))
    person = person_of(patient, today)
    stored = await find_member(system.documents, payer, member_id)
    if stored is None:
        return await _renumbered(system, payer, member_id, patient, person)
    if stored.record.patient != patient["id"]:
        text = "The payer already has a member with this member id. Update that Patient."
        raise FhirError(Fault.CONFLICT, Issue(text, "Patient.identifier", "duplicate"))
    return member_readers(stored.record), _change(stored, replace(stored.record, person=person))


async def _renumbered(
    system: System, payer: str, member_id: str, patient: dict[str, Any], person: Person
) -> tuple[tuple[Term, ...], Change]:
    """Register a new member, or give the member of a known Patient its new member id in place of the former."""
    former = await member_of_patient(system.documents, payer, patient["id"])
    if former is None:
        record = MemberRecord(payer, member_id, patient["id"], person=person, coverages=())
        return member_readers(record), _change(None, record)
    record = replace(former.record, member_id=member_id, person=person)
    return member_readers(record), _change(former, record)


async def _of_coverage(
    system: System, payer: str, coverage: dict[str, Any], before: Document | None
) -> tuple[tuple[Term, ...], Change]:
    reference = coverage.get("beneficiary", {}).get("reference", "")
    stored = await member_of_patient(system.documents, payer, reference.removeprefix("Patient/"))
    if stored is None:
        text = "The beneficiary must be a reference to a Patient of this payer, such as Patient/<id>."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Coverage.beneficiary", "not-found"))
    if before is not None and (PATIENT, stored.record.patient) not in before.terms:
        text = "The beneficiary of a Coverage must not change. Create another Coverage for another member."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Coverage.beneficiary", "business-rule"))
    record = (await with_coverages(system.documents, stored)).record.with_coverage(terms_of(coverage))
    return member_readers(record), _change(stored, record)


def _change(before: StoredMember | None, after: MemberRecord) -> Change:
    return Change(members=(MemberChange(before, after),))
