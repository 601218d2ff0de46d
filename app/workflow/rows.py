"""The rows of an authorization's life: what one commit stores of a first answer, and of each later one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.access.reach import OWNER, PATIENT, PAYER
from app.domain.authorization import Authorization
from app.fhir.instants import sortable
from app.pas.face import server_face
from app.pas.requests.read_request import SubmittedRequest
from app.pas.requests.write_claim_response import Answered
from app.pas.write_claim import write_claim
from app.ports import Document, Insert, Term, Write
from app.records import authorizations, resources
from app.records.trail import Act, access, event
from app.records.worklist import listed
from app.workflow.system import Call, Received, System

SUBMISSION_KIND = "submission"


def first_rows(
    system: System, call: Call, body: Received, submitted: SubmittedRequest, answered: Answered
) -> Iterator[Write]:
    """Write the evidence, the served Claim and ClaimResponse, the record, its numbers, the trail, the worklist row."""
    record = answered.authorization
    reach = access_terms(record)
    face = server_face(record)
    claim = write_claim(submitted, record.claim, face)
    claim_response = answered.in_references(face)
    yield Insert(Document(SUBMISSION_KIND, record.id, body.text))
    yield Insert(resources.row(claim, access=reach, now=call.now))
    yield Insert(resources.row(claim_response, access=reach, now=call.now))
    yield Insert(authorizations.row(record))
    yield from number_rows(record)
    yield from trail_rows(system, call, record, "submit")
    if record.due is not None:
        yield listed(record, record.due)


def number_rows(record: Authorization) -> Iterator[Write]:
    """Claim the record's numbers, each unique under its payer."""
    for number in (record.number, record.administration_number):
        if number is not None:
            yield authorizations.number_insert(record.payer, number, record.id)


def trail_rows(system: System, call: Call, record: Authorization, action: str) -> Iterator[Write]:
    """Tell what was decided by which rule, and whose record was touched."""
    act = act_of(call, action)
    yield event(system.ids.new(), act, payer=record.payer, subject=record.id, detail=_detail(record))
    yield access(system.ids.new(), act, payer=record.payer, patient=record.patient)


def access_terms(record: Authorization) -> tuple[Term, ...]:
    """Who may see the record's Claim and ClaimResponse."""
    return ((PAYER, record.payer), (OWNER, record.owner), (PATIENT, record.patient))


def act_of(call: Call, action: str) -> Act:
    """Say who does this in the call, and when."""
    return Act(action, sortable(call.now), call.grant.client, call.grant.organization, call.grant.role)


def _detail(record: Authorization) -> dict[str, Any]:
    return {
        "policy": record.policy.policy,
        "digest": record.policy.digest,
        "items": [
            {"sequence": item.requested.sequence, "action": item.decision.action, "rule": item.decision.rule}
            for item in record.items
        ],
        "errors": [error.code for error in record.errors],
        "warnings": [warning.path for warning in record.warnings],
    }
