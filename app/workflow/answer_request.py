"""The payer's record of a request at its first answer: reviewed under the policy, or refused as a business error."""

from __future__ import annotations

from dataclasses import replace

from app.access.identity import Contradiction
from app.domain.authorization import (
    UNKNOWN_PAYER,
    Authorization,
    AuthorizedItem,
    PolicyVersion,
    RequestError,
    ReviewAction,
)
from app.domain.authorization_number import mint
from app.domain.deadlines import due_of
from app.domain.policy import Policy
from app.domain.review import review
from app.pas.parts.read_warnings import kept_warnings
from app.pas.read_request import SubmittedRequest
from app.workflow.enroll import Enrolled
from app.workflow.system import Call, System

PAYER_NOT_FOUND = "T4"
MEMBER_NOT_FOUND = "75"
BIRTH_DATE_DIFFERS = "71"
NAME_DIFFERS = "73"
CORRECT_AND_RESUBMIT = "C"


def reviewed(
    system: System, call: Call, record: Authorization, submitted: SubmittedRequest, policy: Policy
) -> Authorization:
    """Review every item; granted items share a new number, pended ones a number to ask by and a due time."""
    request = submitted.request
    decisions = review(request, policy, policy.day(call.now))
    granted = any(decision.granted for decision in decisions)
    pended = any(decision.action is ReviewAction.PENDED for decision in decisions)
    return replace(
        record,
        items=tuple(map(AuthorizedItem, request.items, decisions)),
        number=mint(policy.payer.prefix, system.ids.characters) if granted else None,
        administration_number=mint(policy.payer.prefix, system.ids.characters) if pended else None,
        due=due_of(decisions, policy, request.urgency, call.now, system.clocks),
    )


def unknown_payer(record: Authorization) -> Authorization:
    """Refuse a request to a payer that this server does not answer for."""
    text = "The insurer is not a payer of this server; its Organization.identifier must be one of a payer served here."
    error = RequestError(PAYER_NOT_FOUND, CORRECT_AND_RESUBMIT, "Bundle.entry[0].resource.insurer", text)
    return replace(record, errors=(error,))


def unknown_member(record: Authorization, submitted: SubmittedRequest) -> Authorization:
    """Refuse a request for somebody whom the payer does not know as a member."""
    text = "No member of this payer has the member id that the Coverage or the Patient carries."
    path = f"Bundle.entry[0].resource.insurance[{submitted.focal}].coverage"
    error = RequestError(MEMBER_NOT_FOUND, CORRECT_AND_RESUBMIT, path, text)
    return replace(record, errors=(error,))


def other_person(record: Authorization, submitted: SubmittedRequest, contradiction: Contradiction) -> Authorization:
    """Refuse a request for somebody else than the member on record; what the record says is not told."""
    code, element = {
        Contradiction.NAME: (NAME_DIFFERS, "name"),
        Contradiction.BIRTH_DATE: (BIRTH_DATE_DIFFERS, "birthDate"),
    }[contradiction]
    text = f"The {contradiction} of the patient is not that of the payer's member of this member id."
    return replace(record, errors=(RequestError(code, CORRECT_AND_RESUBMIT, _patient(submitted, element), text),))


def _patient(submitted: SubmittedRequest, element: str) -> str:
    """Return the place of the Patient's element; one that is contained is named by the Claim's reference to it."""
    patients = (entry for entry in submitted.entries.all if entry.type == "Patient")
    url = submitted.face.patient.get("reference")
    found = next((entry for entry in patients if entry.full_url == url), None)
    return "Bundle.entry[0].resource.patient" if found is None else f"{found.resource.path}.{element}"


def opened(
    system: System, call: Call, submitted: SubmittedRequest, policy: Policy | None, enrolled: Enrolled
) -> Authorization:
    """Begin the record of a request: who asks whom about whom, with nothing answered yet."""
    request = submitted.request
    return Authorization(
        id=system.ids.new(),
        payer=policy.name if policy else UNKNOWN_PAYER,
        owner=call.owner,
        edition=call.edition.version,
        claim=system.ids.new(),
        patient=enrolled.patient,
        coverage=enrolled.coverage,
        identifier=request.identifier,
        claim_type=request.claim_type,
        member=request.member,
        requestor=request.requestor,
        created=call.now,
        updated=call.now,
        policy=PolicyVersion(policy.name, policy.digest) if policy else PolicyVersion(UNKNOWN_PAYER, ""),
        items=(),
        diagnoses=request.diagnoses,
        urgency=request.urgency,
        related=request.related,
        warnings=kept_warnings(submitted.warnings),
    )
