"""Read the parts that the Bundles of requests and inquiries share: the Bundle itself, its Claim and the parties.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-request-bundle
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from app.domain.request import Member, Party
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.issues import Issues
from app.pas.edition import Edition
from app.pas.face import Face, Reference, member_reference, party_reference
from app.pas.parts.current import claim_created
from app.pas.parts.read_claim_header import check_head, focal_insurance
from app.pas.parts.read_member import member
from app.pas.parts.read_parties import PROVIDERS, party


class Frame(Struct, frozen=True):
    """A Bundle whose first entry is a Claim, `created` on a day.

    `issues` grows during reading; an error in it refuses the Bundle.
    """

    entries: Entries
    claim: ResourceElement
    created: date
    edition: Edition
    issues: Issues


class Parties(Struct, frozen=True):
    """The patient, insurer and provider of a Claim, and the client's References to them."""

    member: Member
    insurer: Party
    requestor: Party
    face: Face


def read_frame(checked: Checked, edition: Edition) -> Frame:
    """Read the Bundle's own elements and find its Claim. Raises FhirError UNPROCESSABLE if no Claim comes first."""
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Bundle")
    _read_own(body)
    entries = Entries(body)
    claim = entries.first
    if claim is not None and claim.type == "Claim":
        if not claim.resource.fields.get("identifier"):
            claim.resource.missing("identifier")
        check_head(claim.resource, "preauthorization")
        return Frame(entries, claim, claim_created(claim.resource), edition, issues)
    if "entry" not in body.fields:
        body.missing("entry", "The Bundle must have entries, and the first must be a Claim.")
    else:
        body.note("The first entry must be a Claim.", "entry[0].resource", code="structure")
    raise issues.refusal()


def read_parties(frame: Frame) -> Parties:
    """Read the requestor, the insurer and the patient."""
    entries, claim = frame.entries, frame.claim
    patient = entries.required(claim, "patient", ("Patient",))
    insurer = entries.required(claim, "insurer", ("Organization",))
    requestor = entries.required(claim, "provider", PROVIDERS)
    insurance = focal_insurance(claim.resource)
    coverage = entries.required(claim, "coverage", ("Coverage",), insurance) if insurance is not None else None
    person = member(patient, coverage, frame.created)
    payer, provider = _party(frame, insurer), _party(frame, requestor)
    face = Face(
        patient=_reference(patient) or member_reference(person),
        insurer=_reference(insurer) or party_reference(payer),
        requestor=_reference(requestor) or party_reference(provider),
        request={"reference": claim.full_url},
        coverage=_reference(coverage),
    )
    return Parties(person, payer, provider, face)


def _read_own(body: Element) -> None:
    if body.one("identifier") is None:
        body.missing("identifier", "The Bundle must have an identifier.")
    if body.text("type") != "collection":
        body.note("The type of the Bundle must be collection.", "type")
    if body.days("timestamp") is None:
        body.missing("timestamp", "The Bundle must have a timestamp.")


def _party(frame: Frame, entry: ResourceElement | None) -> Party:
    if entry is None:
        return Party()
    return party(frame.entries, entry, frame.edition.npi_severity, frame.created)


def _reference(entry: ResourceElement | None) -> Reference | None:
    """Refer to an entry of the Bundle. A contained resource has no Reference from outside."""
    return {"reference": entry.full_url} if entry is not None and entry.full_url else None
