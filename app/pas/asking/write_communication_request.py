"""Write a CommunicationRequest: the payer asks for a document.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-communicationrequest
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from app.codes import CONTROL_NUMBER, ICD_10_CM, PAS_TEMP_CODES, canonical, pas
from app.domain.authorization import Authorization
from app.domain.review.attachment_request import AttachmentRequest
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.write_types import Json, coded, concept, extension

PROFILE = pas("profile-communicationrequest")


def written_communication_request(request: AttachmentRequest, face: Face, edition: Edition) -> Json:
    """Write the request for one document of one line, in the references of `face`.

    A LOINC type is the text of the payload, a report type of X12 the category: PAS has one code and one line for each
    resource.
    """
    line = extension(pas("extension-serviceLineNumber"), valuePositiveInt=request.item.requested.sequence)
    extensions = [] if edition.line_at_root else [line]
    extensions += _diagnosis(request)
    document = request.document
    payload: Json = {"extension": extensions} if extensions else {}
    payload |= {"contentString": document.loinc}
    written: Json = {"resourceType": "CommunicationRequest", "meta": {"profile": [PROFILE]}}
    if edition.line_at_root:
        written["extension"] = [line]
    return {
        **written,
        "identifier": [{"system": CONTROL_NUMBER, "value": request.control_number}],
        "status": "active",
        "medium": [concept(PAS_TEMP_CODES, "CDEX")],
        "subject": face.patient,
        **({"payload": [payload]} if document.loinc else {"category": [concept(*document.type)]}),
        "requester": face.insurer,
        "recipient": [face.requestor],
        "sender": face.requestor,
        "note": [{"text": f"Please send: {document.name}."}],
    }


def contained_id(position: int) -> str:
    """Return the id of the CommunicationRequest at a position, within a stored ClaimResponse."""
    return f"asked-{position + 1}"


def entry_url(authorization: Authorization, control_number: str) -> str:
    """Return the fullUrl of an entry about a control number. It is the same in each answer about the record."""
    digest = hashlib.sha256(f"{authorization.id}|{control_number}".encode()).digest()
    return f"urn:uuid:{UUID(bytes=digest[:16], version=4)}"


def _diagnosis(request: AttachmentRequest) -> list[Json]:
    """Write the first diagnosis of the line, about which the payer asks."""
    codes = [code for code in request.item.requested.diagnoses if canonical(code.system) == ICD_10_CM]
    return [extension(pas("extension-communicatedDiagnosis"), valueCodeableConcept=coded(code)) for code in codes[:1]]
