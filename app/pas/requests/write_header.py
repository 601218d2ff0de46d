"""Write the header of the answer to a request: its identifiers, who reviewed it, and the one decision about all items.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from app.codes import pas
from app.domain.authorization import Authorization
from app.domain.parts.transmission import Transmission
from app.pas.edition import Edition
from app.pas.face import Face, Reference
from app.pas.parts.write_types import Json, coded, extension, identifier
from app.pas.requests.write_review_action import adjudication


def header(authorization: Authorization, edition: Edition) -> Json:
    """Write the elements of the header without References."""
    written = _identifier(authorization)
    if not edition.full_answers:
        return written
    extensions = []
    if authorization.transmission is not None:
        extensions.append(_transmission(authorization.transmission.answer))
    if authorization.items:
        human = any(item.decision.human for item in authorization.items)
        extensions.append(extension(_REVIEWER, extension=[extension("wasHumanReviewedFlag", valueBoolean=human)]))
    if extensions:
        written["extension"] = extensions
    if decided_as_one(authorization):
        written["adjudication"] = [adjudication(authorization.items[0], authorization.number)]
    return written


def authorized_providers(authorization: Authorization, face: Face, edition: Edition) -> list[Json]:
    """Write the providers as extensions of the header, if one grant and the same providers cover all items."""
    items = authorization.items
    if not edition.full_answers or not decided_as_one(authorization):
        return []
    if items[0].decision.granted is None or any(
        item.requested.providers != items[0].requested.providers for item in items
    ):
        return []
    return [authorized_provider(face.providers[npi]) for npi in items[0].requested.providers if npi in face.providers]


def authorized_provider(provider: Reference) -> Json:
    """Write a provider who may perform the service."""
    return extension(_PROVIDER, extension=[extension("provider", valueReference=provider)])


def decided_as_one(authorization: Authorization) -> bool:
    """Return whether all items have the same review action and reason codes."""
    decisions = (item.decision for item in authorization.items)
    return len({(each.action, tuple(reason.code for reason in each.reasons)) for each in decisions}) == 1


def _identifier(authorization: Authorization) -> Json:
    """Write the identifier of the request. PAS requires a system, so an identifier without one is left out."""
    sent, department = authorization.identifier, authorization.department
    if not sent.system:
        return {}
    written = identifier(sent)
    extensions = []
    if department is not None and department.sub_department is not None:
        extensions.append(extension(_SUB_DEPARTMENT, valueString=department.sub_department))
    if department is not None and department.jurisdiction is not None:
        extensions.append(extension(_JURISDICTION, valueCodeableConcept=coded(department.jurisdiction)))
    return {"identifier": [{"extension": extensions, **written} if extensions else written]}


def _transmission(answer: Transmission) -> Json:
    parts = {
        "applicationSenderCode": answer.sender,
        "applicationReceiverCode": answer.receiver,
        "interchangeSenderID": answer.interchange_sender,
        "interchangeReceiverID": answer.interchange_receiver,
    }
    written = [extension(name, valueString=value) for name, value in parts.items() if value is not None]
    return extension(pas("extension-TransmissionIdentifiers"), extension=written)


_REVIEWER = pas("extension-claimResponseReviewer")
_PROVIDER = pas("extension-itemAuthorizedProvider")
_SUB_DEPARTMENT = pas("extension-identifierSubDepartment")
_JURISDICTION = pas("extension-identifierJurisdiction")
