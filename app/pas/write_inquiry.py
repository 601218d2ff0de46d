"""Write the answer to an inquiry: the current state of every matching authorization, in the client's references.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-inquiry-response-bundle
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Raw, Struct, structs

from app.domain.authorization import Authorization
from app.fhir.json import encoded
from app.fhir.outcome import Issue, outcome
from app.pas.asking.write_asking import asking_entries
from app.pas.asking.write_attachment_task import Desk
from app.pas.edition import Edition, InquiryShape
from app.pas.face import Face, claim_reference
from app.pas.original import Original, Parties
from app.pas.parts.write_types import Json
from app.pas.read_inquiry import SubmittedInquiry
from app.pas.requests.write_claim_response import answered
from app.pas.write_claim import write_claim
from app.pas.write_response import collection, echoes

_WITHHELD = (
    "This answer shows only authorizations in which a provider of this client takes part. "
    "If you expect another one, ask the payer by telephone."
)
_WARNING_URL = "urn:uuid:6c1a7a0e-6f0d-4c39-9d2b-0f3b7b0e52d4"
"""The fullUrl of the warning, which is the same resource in each Bundle."""


class Match(Struct, frozen=True):
    """An authorization that the inquirer gets, and the newest Bundle of its request, if it can be shown."""

    authorization: Authorization
    original: Original | None = None


class Inquired(Struct, frozen=True):
    """An inquiry to answer. `desk` takes the documents that the authorizations ask for."""

    submitted: SubmittedInquiry
    base: str
    timestamp: datetime
    edition: Edition
    desk: Desk | None = None


def write_inquiry(matches: Sequence[Match], inquired: Inquired, *, warns: bool = False) -> Json:
    """Write the answer in the shape of the edition: Parameters with one `return` Bundle for each match, or one Bundle.

    A single Bundle must have entries: without a match, the patient and the insurer of the inquiry. With `warns`, the
    answer ends with an OperationOutcome: the parameter `outcome`, or an entry of the Bundle.
    """
    warning = outcome([Issue(_WITHHELD, severity="warning")], "suppressed") if warns else None
    if inquired.edition.inquiry is InquiryShape.BUNDLE:
        bundle = _bundle(matches, inquired)
        if warning:
            bundle["entry"].append({"fullUrl": _WARNING_URL, "resource": warning})
        return bundle
    parameters = [{"name": "return", "resource": _bundle([match], inquired)} for match in matches]
    if warning:
        parameters.append({"name": "outcome", "resource": warning})
    return {"resourceType": "Parameters", **({"parameter": parameters} if parameters else {})}


def _bundle(matches: Sequence[Match], inquired: Inquired) -> Json:
    """Write a Bundle: all ClaimResponses, then what belongs to each, then the parties of requests and inquiry.

    The entries of the inquiry come last: clients resolve relative references by the last fullUrl.
    """
    submitted, parties = inquired.submitted, Parties(inquired.submitted)
    answers = [_entries(match, inquired, parties) for match in matches]
    entries = [*(own[0] for own in answers), *(entry for own in answers for entry in own[1:])]
    always = encoded({"patient": submitted.face.patient, "insurer": submitted.face.insurer})
    written = [bytes(entry["resource"]) for entry in (*entries, *parties.added.values())]
    echoed = echoes(submitted.index, always, *written)
    repeated = {entry["fullUrl"] for entry in echoed}
    added = [entry for url, entry in parties.added.items() if url not in repeated]
    identifier = submitted.index.bundle.get("identifier")
    profile = inquired.edition.inquiry_response_bundle
    return collection(profile, identifier, inquired.timestamp, [*entries, *added, *echoed])


def _entries(match: Match, inquired: Inquired, parties: Parties) -> list[Json]:
    """Write the ClaimResponse, what it asks for, and the Claim. Resources are written JSON."""
    authorization, original, base, edition = match.authorization, match.original, inquired.base, inquired.edition
    face = structs.replace(
        inquired.submitted.face,
        requestor=parties.requestor(authorization, original),
        request=claim_reference(authorization, f"{base}/"),
        providers=parties.providers(authorization, original),
    )
    # The warnings have places of the request's Bundle, which the inquirer may not have.
    shown = structs.replace(authorization, transmission=inquired.submitted.transmission, warnings=())
    resource = answered(shown, edition).in_references(face, edition.inquiry_response)
    first = {"fullUrl": f"{base}/ClaimResponse/{authorization.id}", "resource": resource}
    entries = [first, *asking_entries(authorization, face, edition, inquired.desk), *_claim(match, face, inquired)]
    return [{**entry, "resource": Raw(encoded(entry["resource"]))} for entry in entries]


def _claim(match: Match, face: Face, inquired: Inquired) -> list[Json]:
    """Write the Claim in the references of the inquiry, if its content is that of the edition.

    PAS has no place for the Claim of an update: its profile of an answer refers to Claims without `related`.
    """
    authorization, original = match.authorization, match.original
    if original is None or not original.shows_claim or original.request.request.prior is not None:
        return []
    if authorization.edition != inquired.edition.version:
        return []
    claim = write_claim(original.request, authorization.claim, face)
    return [{"fullUrl": f"{inquired.base}/Claim/{authorization.claim}", "resource": claim}]
