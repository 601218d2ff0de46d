"""Write the Task of the payer's worklist: the review of a request with pended items.

http://hl7.org/fhir/R4/task.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from app.codes import LOINC, NPI, WORKLIST_CLOCK, WORKLIST_INPUT, WORKLIST_TASK, X12_DECISION_REASON
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import Reason, ReviewAction
from app.domain.due.clock import clock_mark
from app.domain.notice import AskedDocument
from app.domain.parts.attachment import attachment_id
from app.domain.proposal import Stage
from app.domain.request import Member
from app.fhir.instants import instant
from app.pas.asking.write_evidence import READABLE
from app.pas.parts.write_types import Json, coded, concept
from app.pas.requests.write_review import priority, service_extensions
from app.pas.requests.write_task_decision import decisions, proposed_line
from app.pas.requests.write_type import type_extensions

REVIEW = concept(WORKLIST_TASK, "review")
CO_SIGNATURE = concept(WORKLIST_TASK, "co-signature")
RELEASE = concept(WORKLIST_TASK, "release")
SECOND_OPINION = concept(WORKLIST_TASK, "second-opinion")
APPEAL = concept(WORKLIST_TASK, "appeal")
PEER_TO_PEER = concept(WORKLIST_TASK, "peer-to-peer")
APPEALED = "reasonReference"
"""The element that only the Task of an appeal has: the answer that it is about."""

CLOSED = frozenset({"completed", "cancelled"})
"""The statuses of a Task that is done."""


def task_content(authorization: Authorization) -> Json:
    """Return the Task of a request with pended items, without its status and its times."""
    pended = [item for item in authorization.items if item.decision.action is ReviewAction.PENDED]
    reason = next((item.decision.reason for item in pended if item.decision.reason is not None), None)
    due = {} if authorization.due is None else {"restriction": {"period": {"end": instant(authorization.due)}}}
    mark = clock_mark(authorization)
    return {
        "resourceType": "Task",
        "id": authorization.id,
        "extension": [*type_extensions(authorization), *service_extensions(authorization)],
        "basedOn": [{"reference": f"Claim/{authorization.claim}"}],
        "intent": "order",
        "priority": priority(authorization),
        "code": _code(authorization, pended),
        "focus": {"reference": f"ClaimResponse/{authorization.id}"},
        **({"businessStatus": concept(WORKLIST_CLOCK, mark)} if mark else {}),
        **party_elements(authorization),
        **({"reasonCode": _reason(reason)} if reason else {}),
        **_appealed(authorization),
        **due,
        **_notes(authorization),
        "input": [*_inputs(authorization, pended)],
        **_outputs(authorization),
    }


def opened(authorization: Authorization, before: Json | None) -> Json:
    """Return the Task of a request with pended items. A Task that was closed begins again."""
    now = instant(authorization.updated)
    times = {"authoredOn": now, "lastModified": now}
    content = _with_notes(task_content(authorization), before)
    kept = {} if before is None or before["status"] in CLOSED else _kept(before, content)
    return {"status": "requested", **_numbers(authorization), **times, **content, **kept}


def closed(authorization: Authorization, before: Json) -> Json:
    """Return the Task of a request without pended items: completed, or cancelled if the submitter withdrew it all."""
    withdrawn = all(item.decision.action is ReviewAction.CANCELLED for item in authorization.items)
    status = "cancelled" if withdrawn else "completed"
    changed = {**_numbers(authorization), **_notes(authorization), **_outputs(authorization)}
    return {**before, **_with_notes(changed, before), "status": status, "lastModified": instant(authorization.updated)}


def changed_at(task: Json, now: datetime) -> str:
    """Return when a Task that changes now was changed last. It never goes back."""
    return max(instant(now), str(task["lastModified"]))


def _notes(authorization: Authorization) -> Json:
    """Write the notes for the payer's staff. Only the staff reads a Task."""
    notes = authorization.internal_notes
    written = [{"authorString": note.by, "time": instant(note.at), "text": note.text} for note in notes]
    return {"note": written} if written else {}


def _with_notes(content: Json, before: Json | None) -> Json:
    """Keep the notes that the Task has already."""
    kept = [] if before is None else before.get("note", [])
    notes = [*kept, *(note for note in content.get("note", []) if note not in kept)]
    return {**content, "note": notes} if notes else content


def _kept(before: Json, content: Json) -> Json:
    """Return the elements that stay. A Task that begins to wait for a second person loses its owner."""
    if content["code"] == CO_SIGNATURE != before["code"]:
        return {"authoredOn": before["authoredOn"]}
    names = ["status", "authoredOn", "owner"]
    if before["code"] == SECOND_OPINION and content["code"] in (REVIEW, APPEAL):
        names.append("code")
    return {name: before[name] for name in names if name in before}


def _code(authorization: Authorization, pended: Sequence[AuthorizedItem]) -> Json:
    """Return the work to do: a second signature, the review or the appeal, or only the release of a decision."""
    stages = {None if item.proposal is None else item.proposal.stage for item in pended}
    if Stage.SIGNATURE in stages:
        return CO_SIGNATURE
    if stages == {Stage.RELEASE}:
        return RELEASE
    return REVIEW if authorization.appealed is None else APPEAL


def _appealed(authorization: Authorization) -> Json:
    """Write the answer that an appeal is about."""
    appealed = authorization.appealed
    return {} if appealed is None else {APPEALED: {"reference": f"ClaimResponse/{appealed.id}"}}


def _numbers(authorization: Authorization) -> Json:
    """Write the case reference and the authorization numbers."""
    numbers = (authorization.administration_number, *authorization.numbers)
    written = [{"value": number} for number in numbers if number is not None]
    return {"identifier": written} if written else {}


def party_elements(authorization: Authorization) -> Json:
    """Write the member, the coverage and the requestor, as far as they are known."""
    parties: Json = {}
    if authorization.patient:
        parties["for"] = {"reference": f"Patient/{authorization.patient}", **_member(authorization.member)}
    if authorization.coverage:
        parties["insurance"] = [{"reference": f"Coverage/{authorization.coverage}"}]
    requestor = authorization.requestor
    requester: Json = {"identifier": {"system": NPI, "value": requestor.npi}} if requestor.npi else {}
    if requestor.name:
        requester["display"] = requestor.name
    return {**parties, "requester": requester} if requester else parties


def _member(member: Member) -> Json:
    """Write the member id and the name as it was sent, by which the staff looks for a Task."""
    name = " ".join(filter(None, [*member.families[:1], member.given]))
    written: Json = {"identifier": {"value": member.member_id}} if member.member_id else {}
    return {**written, "display": name} if name else written


def _reason(reason: Reason) -> Json:
    code = {} if reason.code is None else concept(X12_DECISION_REASON, reason.code)
    return {**code, "text": reason.text}


def _outputs(authorization: Authorization) -> Json:
    """Write the attachments of the request, as far as they are served one by one, and the decisions of persons."""
    received = concept(WORKLIST_INPUT, "document-received")
    attached = [
        {
            "type": received,
            "valueReference": {"reference": f"{attachment.type}/{attachment_id(authorization.id, number)}"},
        }
        for number, attachment in enumerate(authorization.attachments)
        if attachment.type in READABLE
    ]
    outputs = [*attached, *decisions(authorization)]
    return {"output": outputs} if outputs else {}


def _inputs(authorization: Authorization, pended: Sequence[AuthorizedItem]) -> list[Json]:
    """Write what a reviewer sorts by: the first service, the rules, the reasons, the policy and the documents."""
    pends = [item.decision for item in pended]
    services = [coded(code) for item in pended[:1] for code in item.requested.naming[:1]]
    documents = [_document(document) for decision in pends for document in decision.ask_for]
    received = [_document(document) for decision in pends for document in decision.received]
    return [
        *_input("service", "valueCodeableConcept", services),
        *_input("rule", "valueString", [decision.rule for decision in pends]),
        *_input("reason", "valueString", [decision.reason.key for decision in pends if decision.reason]),
        *_input("policy", "valueString", [authorization.policy.policy]),
        *_input("decision-proposed", "valueString", _proposed(pended)),
        *_input("document-requested", "valueCodeableConcept", documents),
        *_input("document-received", "valueCodeableConcept", received),
    ]


def _proposed(pended: Sequence[AuthorizedItem]) -> list[str]:
    return [proposed_line(item.requested.number, item.proposal) for item in pended if item.proposal is not None]


def _input(code: str, element: str, values: Sequence[Any]) -> Iterator[Json]:
    """Write each different value once."""
    for position, value in enumerate(values):
        if value not in values[:position]:
            yield {"type": concept(WORKLIST_INPUT, code), element: value}


def _document(document: AskedDocument | str) -> Json:
    if isinstance(document, str):
        return concept(LOINC, document)
    return {**concept(*document.type), "text": document.name}
