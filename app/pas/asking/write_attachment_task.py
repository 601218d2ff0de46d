"""Write the PAS Task that hands the requests for documents to the provider's system for attachments.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-task
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.codes import PAS_TEMP_CODES, pas
from app.domain.authorization import Authorization
from app.domain.datatypes import Identifier
from app.domain.review.attachment_request import AttachmentRequest
from app.fhir.instants import instant
from app.pas.edition import Edition
from app.pas.face import Face, party_reference
from app.pas.parts.write_types import Json, concept, extension, identifier

PROFILE = pas("profile-task")


class Desk(Struct, frozen=True):
    """The URL to which attachments are sent, and an identifier of the payer that asks for them."""

    url: str
    payer: Identifier


def written_attachment_task(
    authorization: Authorization, requests: Sequence[AttachmentRequest], face: Face, edition: Edition, desk: Desk
) -> Json:
    """Write one Task with the documents that are requested, each with the line that needs it.

    Its first identifier is that of the request, as PAS maps it; the second is the case reference. The Claim is named by
    its identifier, because no answer has the Claim itself.
    """
    numbers = [authorization.identifier, Identifier("", authorization.administration_number or "")]
    reason = next(
        (request.item.decision.reason for request in requests if request.item.decision.reason is not None), None
    )
    due = {} if authorization.due is None else {"restriction": {"period": {"end": instant(authorization.due)}}}
    owner = party_reference(authorization.requestor)
    unnamed = {"value": authorization.requestor.name or "unknown"}
    return {
        "resourceType": "Task",
        "meta": {"profile": [PROFILE]},
        "identifier": [identifier(number) for number in numbers if number.value],
        "status": "requested",
        **({} if reason is None else {"statusReason": {"text": reason.text}}),
        "intent": "order",
        "code": concept(PAS_TEMP_CODES, "attachment-request-code"),
        "for": face.patient,
        "requester": {**face.insurer, "identifier": identifier(desk.payer)},
        "owner": {"identifier": unnamed, **owner},
        "reasonCode": concept(PAS_TEMP_CODES, "priorAuthorization"),
        "reasonReference": {"type": "Claim", "identifier": identifier(authorization.identifier)},
        **due,
        "input": [
            {"type": concept(PAS_TEMP_CODES, "payer-url"), "valueUrl": desk.url},
            *(_needed(request, edition) for request in requests),
        ],
    }


def _needed(request: AttachmentRequest, edition: Edition) -> Json:
    document, (url, value) = request.document, edition.task_line
    return {
        "extension": [extension(url, **{value: request.item.requested.sequence})],
        "type": concept(PAS_TEMP_CODES, "attachments-needed"),
        "valueCodeableConcept": {**concept(*document.type), "text": document.name},
    }
