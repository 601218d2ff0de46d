"""Write the answer to an inquiry: the current state of every matching authorization, in the client's references.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-inquiry-response-bundle
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Raw, structs

from app.domain.authorization import Authorization
from app.fhir.json import encoded
from app.fhir.outcome import Issue, outcome
from app.pas.asking.write_asking import asking_entries
from app.pas.asking.write_attachment_task import Desk
from app.pas.edition import Edition, InquiryShape
from app.pas.face import claim_reference, npi_reference, party_reference
from app.pas.parts.write_types import Json
from app.pas.read_inquiry import SubmittedInquiry
from app.pas.requests.write_claim_response import answered
from app.pas.write_response import collection, echoes

_WITHHELD = (
    "This answer shows only authorizations in which a provider of this client takes part. "
    "If you expect another one, ask the payer by telephone."
)
_WARNING_URL = "urn:uuid:6c1a7a0e-6f0d-4c39-9d2b-0f3b7b0e52d4"
"""The fullUrl of the warning, which is the same resource in each Bundle."""


def write_inquiry(
    authorizations: Sequence[Authorization],
    submitted: SubmittedInquiry,
    base: str,
    timestamp: datetime,
    edition: Edition,
    *,
    warns: bool = False,
    desk: Desk | None = None,
) -> Json:
    """Write the answer in the shape of the edition: Parameters with one `return` Bundle for each match, or one Bundle.

    A single Bundle must have entries: without a match, the patient and the insurer of the inquiry. With `warns`, the
    answer ends with an OperationOutcome: the parameter `outcome`, or an entry of the Bundle. `desk` takes the documents
    that the authorizations ask for.
    """
    answers = [_entries(authorization, submitted, base, edition, desk) for authorization in authorizations]
    warning = outcome([Issue(_WITHHELD, severity="warning")], "suppressed") if warns else None
    if edition.inquiry is InquiryShape.BUNDLE:
        bundle = _bundle(_responses_first(answers), submitted, timestamp, edition)
        if warning:
            bundle["entry"].append({"fullUrl": _WARNING_URL, "resource": warning})
        return bundle
    bundles = [_bundle(entries, submitted, timestamp, edition) for entries in answers]
    parameters = [{"name": "return", "resource": bundle} for bundle in bundles]
    if warning:
        parameters.append({"name": "outcome", "resource": warning})
    return {"resourceType": "Parameters", **({"parameter": parameters} if parameters else {})}


def _entries(
    authorization: Authorization, submitted: SubmittedInquiry, base: str, edition: Edition, desk: Desk | None
) -> list[Json]:
    """Write the ClaimResponse, and what it asks for. Resources are written JSON."""
    inquirer, requestor = submitted.inquiry.requestor, authorization.requestor
    same = inquirer.npi is not None and inquirer.npi == requestor.npi
    face = structs.replace(
        submitted.face,
        requestor=submitted.face.requestor if same else party_reference(requestor),
        request=claim_reference(authorization, f"{base}/"),
        providers={**{npi: npi_reference(npi) for npi in authorization.performers}, **submitted.face.providers},
    )
    # The warnings have places of the request's Bundle, which the inquirer may not have.
    shown = structs.replace(authorization, transmission=submitted.transmission, warnings=())
    resource = answered(shown, edition).in_references(face, edition.inquiry_response)
    first = {"fullUrl": f"{base}/ClaimResponse/{authorization.id}", "resource": resource}
    entries = [first, *asking_entries(authorization, face, edition, desk)]
    return [{**entry, "resource": Raw(encoded(entry["resource"]))} for entry in entries]


def _bundle(entries: list[Json], submitted: SubmittedInquiry, timestamp: datetime, edition: Edition) -> Json:
    parties = {"patient": submitted.face.patient, "insurer": submitted.face.insurer}
    echoed = echoes(submitted.index, encoded(parties), *(bytes(entry["resource"]) for entry in entries))
    identifier = submitted.index.bundle.get("identifier")
    return collection(edition.inquiry_response_bundle, identifier, timestamp, [*entries, *echoed])


def _responses_first(answers: list[list[Json]]) -> list[Json]:
    """Return all ClaimResponses, and then what each asks for."""
    return [*(entries[0] for entries in answers), *(entry for entries in answers for entry in entries[1:])]
