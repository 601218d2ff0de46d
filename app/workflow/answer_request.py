"""The payer's record of a request at its first answer: reviewed under the policy, or refused as a business error."""

from __future__ import annotations

from dataclasses import replace

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
from app.pas.read_request import SubmittedRequest
from app.workflow.enroll import Enrolled
from app.workflow.system import Call, System

PAYER_NOT_FOUND = "T4"
MEMBER_NOT_FOUND = "75"
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


def unknown_member(record: Authorization) -> Authorization:
    """Refuse a request for somebody whom the payer does not know as a member."""
    text = "No member of this payer has the member id that the Coverage or the Patient carries."
    error = RequestError(MEMBER_NOT_FOUND, CORRECT_AND_RESUBMIT, "Bundle.entry[0].resource.insurance[0].coverage", text)
    return replace(record, errors=(error,))


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
    )
