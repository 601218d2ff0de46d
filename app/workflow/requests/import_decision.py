"""`ClaimResponse/$import`: an administrator records a decision that the payer made outside of FHIR.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-import
"""

from __future__ import annotations

from typing import NamedTuple

from app.domain.authorization import Authorization
from app.domain.covered import Covered
from app.domain.datatypes import Identifier
from app.domain.request import Member
from app.domain.review.imported import DecisionTerms, ReportedDecision, with_decisions
from app.domain.review.not_decidable import NotDecidable
from app.fhir.body import Unchecked
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.decisions.read_import import SubmittedImport, read_import
from app.policy.due import program_on
from app.policy.policy import Policy
from app.records import authorizations, resources
from app.records.access.registry import organization_of
from app.records.members import MemberRecord, find_member
from app.records.resources import Version
from app.records.subscriptions.topic_events import result_available
from app.records.views.responses import written_response
from app.workflow import served
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import actor_of, readers, reviewed_change
from app.workflow.contention import retried
from app.workflow.enroll import covered_on_record
from app.workflow.master.maintain import administered
from app.workflow.system import System

_ACTION = "import"


class _Parties(NamedTuple):
    """The policy, the member on record with its coverages, and the registered organization of the requestor."""

    policy: Policy
    member: MemberRecord
    covered: Covered | None
    owner: str


async def import_decision(system: System, call: Call, received: Received) -> Answer:
    """Store the record of a decision and its ClaimResponse, and notify the organization of the requestor."""
    policy = system.payers.get(administered(call))
    if policy is None:
        raise FhirError(Fault.UNPROCESSABLE, "Only a payer with a policy can import decisions.")
    received.body.expect("Parameters")
    submitted = await system.aside(call, received, _read, system, received.body)

    async def attempt() -> Answer:
        await _check_free(system, policy, submitted)
        parties = await _parties(system, policy, submitted)
        return await _stored(system, call, _decided(system, call, submitted, parties))

    return await retried(attempt)


def _read(system: System, body: Unchecked) -> SubmittedImport:
    return read_import(system.conformance.by_r4(body))


async def _check_free(system: System, policy: Policy, submitted: SubmittedImport) -> None:
    """Refuse a number that the payer has given already. Raises FhirError CONFLICT."""
    report = submitted.report
    for number in (report.number, *report.aliases):
        holder = await authorizations.holder_of(system.documents, policy.name, number)
        if holder is not None:
            place = submitted.places["number" if number is report.number else "alias"]
            text = f"The payer has an authorization with the number {number}: ClaimResponse/{holder}."
            raise FhirError(Fault.CONFLICT, Issue(text, place, "duplicate"))


async def _parties(system: System, policy: Policy, submitted: SubmittedImport) -> _Parties:
    """Find the member and the organization. Raises FhirError UNPROCESSABLE for an unknown or another member."""
    report = submitted.report
    stored = await find_member(system.documents, policy.name, report.member_id)
    if stored is None:
        raise _refused(submitted, "member", "The payer has no member with this id.", "not-found")
    record = stored.record
    if record.person.birth_date not in {None, report.birth_date}:
        text = "The member with this id has another birth date on record."
        raise _refused(submitted, "birth-date", text, "business-rule")
    covered = await covered_on_record(system, policy, record.patient, Member(record.member_id))
    owner = await organization_of(system.documents, report.requestor.npi or "")
    return _Parties(policy, record, covered, owner or "")


def _decided(system: System, call: Call, submitted: SubmittedImport, parties: _Parties) -> Authorization:
    """Make the record. Raises FhirError UNPROCESSABLE for a decision that the payer cannot have made."""
    report, policy = submitted.report, parties.policy
    today = policy.day(call.now)
    terms = DecisionTerms(report.decided or today, policy.reasons, policy.appeal.terms, parties.covered)
    if terms.decided > today:
        raise _refused(submitted, "decided", f"The day of the decision must not be after today, {today}.", "value")
    record = _record(system, call, report, parties)
    try:
        decided = with_decisions(record, report, terms)
    except NotDecidable as error:
        raise _refused(submitted, error.number, str(error), "business-rule") from error
    return decided


def _record(system: System, call: Call, report: ReportedDecision, parties: _Parties) -> Authorization:
    member, granted = parties.member, any(item.ruling.action != "deny" for item in report.items)
    person = member.person
    return Authorization(
        id=system.ids.new(),
        payer=parties.policy.name,
        owner=parties.owner,
        edition=call.edition.version,
        claim=system.ids.new(),
        patient=member.patient,
        coverage=member.coverage,
        identifier=Identifier("", report.number),
        claim_type=report.claim_type,
        member=Member(member.member_id, person.families, birth_date=person.birth_date, gender=person.gender),
        requestor=report.requestor,
        created=call.now,
        updated=call.now,
        policy=parties.policy.version,
        items=(),
        diagnoses=report.diagnoses,
        number=report.number if granted else None,
        administration_number=None if granted else report.number,
        origin=report.origin,
        aliases=report.aliases,
        program=program_on(parties.policy, call.now, parties.covered or Covered()),
    )


async def _stored(system: System, call: Call, record: Authorization) -> Answer:
    access = readers(record.payer, record.owner, record.patient)
    document = resources.row(written_response(record), access=access, now=call.now)
    origin = {"channel": record.origin.channel, "vendor": record.origin.vendor} if record.origin else {}
    notices = (result_available(record),) if record.owner else ()
    change = reviewed_change(_ACTION, None, record, (Version(document),), detail=origin, notices=notices)
    await system.commit(actor_of(call), change)
    return served.recorded(served.created(document, call.base))


def _refused(submitted: SubmittedImport, name: str, text: str, code: str) -> FhirError:
    return FhirError(Fault.UNPROCESSABLE, Issue(text, submitted.places[name], code))
