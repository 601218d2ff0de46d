"""Read a PAS request Bundle into an authorization request.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-request-bundle
"""

from __future__ import annotations

from msgspec import Struct, structs

from app.domain.request import AuthorizationRequest
from app.fhir.body import Checked, Unchecked
from app.fhir.bundle import BundleIndex, Entry
from app.fhir.outcome import Issue
from app.pas.asking.read_documents import read_documents
from app.pas.asking.read_drugs import read_drugs
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.read_cancellation import cancels_request
from app.pas.parts.read_claim_header import (
    claim_identifier,
    claim_type,
    claim_urgency,
    provider_references,
)
from app.pas.parts.read_header import Supporting
from app.pas.parts.read_item import read_header, read_items
from app.pas.parts.read_line import ClaimHeader
from app.pas.parts.read_transmission import read_department, read_transmission, sender_ids
from app.pas.parts.read_types import distinct
from app.pas.read_frame import Frame, Parties, read_frame, read_parties
from app.pas.requests.read_prior import read_numbers, read_prior


class SubmittedRequest(Struct, frozen=True):
    """A request as read. The answer needs the client's references, its Claim and the index of its Bundle, too."""

    request: AuthorizationRequest
    face: Face
    warnings: tuple[Issue, ...]
    claim: Entry
    index: BundleIndex

    @property
    def focal(self) -> int:
        """The index of the focal insurance in `Claim.insurance`."""
        return next(index for index, insurance in enumerate(self.claim.resource["insurance"]) if insurance.get("focal"))


def claim_use(body: Unchecked) -> str:
    """Return the `use` of a Claim, or of the first entry of a Bundle; empty if there is none.

    Raises FhirError UNREADABLE for a body of another type.
    """
    return body.peek("use") if body.expect("Bundle", "Claim") == "Claim" else body.peek("entry", 0, "resource", "use")


def read_request(checked: Checked, edition: Edition) -> SubmittedRequest:
    """Read a request Bundle. Raises FhirError UNPROCESSABLE with all issues, including those of the engine."""
    frame = read_frame(checked, edition)
    parties = read_parties(frame)
    header, supporting = read_header(frame.entries, frame.claim, edition.npi_severity)
    request = _request(frame, parties, header, supporting)
    face = _with_providers_and_orders(parties.face, header, request)
    return SubmittedRequest(request, face, frame.issues.warnings(), frame.claim.entry, frame.entries.index)


def _request(frame: Frame, parties: Parties, header: ClaimHeader, supporting: Supporting) -> AuthorizationRequest:
    claim, entries = frame.claim, frame.entries
    documents = read_documents(entries, claim, supporting.attached)
    return AuthorizationRequest(
        identifier=claim_identifier(claim.resource),
        claim_type=claim_type(claim.resource),
        member=parties.member,
        insurer=parties.insurer,
        requestor=parties.requestor,
        created=frame.created,
        items=read_items(entries, claim, header),
        diagnoses=distinct([code for codes in header.diagnoses.values() for code in codes]),
        urgency=claim_urgency(claim.resource),
        documents=documents.codes,
        has_documents=documents.any,
        drugs=read_drugs(entries, claim, supporting.attached),
        control_numbers=documents.control_numbers,
        prior=read_prior(entries, claim),
        numbers=read_numbers(claim),
        sender_ids=sender_ids(claim.resource),
        transmission=read_transmission(claim.resource),
        department=read_department(claim.resource),
        stay=supporting.stay,
        cancelled=cancels_request(claim.resource),
        claim_url=claim.full_url,
    )


def _with_providers_and_orders(face: Face, header: ClaimHeader, request: AuthorizationRequest) -> Face:
    orders = frozenset(item.statements.order for item in request.items)
    return structs.replace(face, providers=provider_references(header.care_team.values()), orders=orders)
