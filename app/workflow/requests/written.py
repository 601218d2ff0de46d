"""Write the answer to a reviewed request, and the rows of its commit."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.request import AuthorizationRequest
from app.domain.update.item_change import Act
from app.fhir.json import write
from app.pas.asking.write_asking import asking_entries
from app.pas.face import server_face
from app.pas.requests.write_claim_response import answered
from app.pas.requests.write_former_numbers import with_former_numbers
from app.pas.write_claim import write_claim
from app.pas.write_response import write_response
from app.ports import Document, Write
from app.records import resources
from app.records.authorizations import Served
from app.records.replays import Replay
from app.records.resources import Version
from app.records.submissions import Submission
from app.workflow.call import Call
from app.workflow.changes import actor_of, readers, reviewed_change, rows
from app.workflow.documents.desk import desk_of
from app.workflow.requests.review import Reviewed, Submitting
from app.workflow.system import System


def written(system: System, submitting: Submitting, reviewed: Reviewed, current: Served) -> tuple[str, list[Write]]:
    """Write the answer, and the rows of the commit."""
    call, record, submitted = submitting.call, reviewed.record, submitting.submitted
    shown = _as_submitted(submitted.request, reviewed)
    parts = answered(shown, call.edition)
    claim_response = parts.in_references(submitted.face)
    full_url = f"{call.base}/ClaimResponse/{record.id}"
    desk = desk_of(system.payers.get(record.payer), call.base)
    asking = asking_entries(shown, submitted.face, call.edition, desk)
    answer = write(write_response(submitted.index, claim_response, full_url, call.now, call.edition, asking=asking))
    face = server_face(record)
    stored = (parts if shown is record else answered(record, call.edition)).in_references(face)
    served = (
        _version(call, record, current.claim, write_claim(submitted, record.claim, face)),
        _version(call, record, current.response, with_former_numbers(stored, record)),
    )
    updating = reviewed.updating
    change = reviewed_change(
        "submit" if updating is None else "update",
        None if updating is None else updating.stored,
        record,
        served,
        task=current.task,
        submission=Submission(record.newest_submission, submitting.received.body.text),
        replay=Replay(submitting.key, record.claim, answer),
        detail=_detail(reviewed),
    )
    announced = reviewed.announced.change(record)
    return answer, rows(actor_of(call), system.ids, change, reviewed.enrolled.change, announced)


def _as_submitted(request: AuthorizationRequest, reviewed: Reviewed) -> Authorization:
    """Return the record with the submitted items only. An update without items gets the answer to all."""
    record = reviewed.record
    submitted = {item.number for item in request.items}
    if reviewed.updating is None or not submitted:
        return record
    return replace(record, items=tuple(item for item in record.items if item.requested.number in submitted))


def _version(call: Call, record: Authorization, current: Document | None, resource: dict[str, Any]) -> Version:
    if current is not None:
        return resources.next_version(current, resource, call.now)
    access = readers(record.payer, record.owner, record.patient)
    return Version(resources.row(resource, access=access, now=call.now))


def _detail(reviewed: Reviewed) -> dict[str, Any]:
    """Return the details of an update for its event; for a refused one, the request that it should change."""
    record, updating = reviewed.record, reviewed.updating
    if updating is None:
        return {} if reviewed.refused is None else {"refused_update_of": reviewed.refused}
    plan, former = updating.plan, updating.stored.authorization.number
    return {
        "submission": record.submissions[-1],
        "changes": {act.value: numbers for act in Act if (numbers := plan.numbers(act))},
        "whole": plan.request.cancelled,
        "number_replaced": former is not None and former != record.number,
    }
