"""Read a billing claim: a Claim with use `claim`, alone or as the first entry of a Bundle.

http://hl7.org/fhir/R4/claim.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.bills.read_circumstances import read_admission_type, read_referrals
from app.bills.read_correction import read_frequency, read_original
from app.bills.read_earlier_payers import earlier_insurances, read_earlier_payers
from app.bills.read_line import read_lines
from app.bills.read_role import Resources, Role, answer_reference, read_role, role_member, role_party, server_reference
from app.bills.read_type_of_bill import type_of_bill
from app.domain.adjudication.numbers import claimed_numbers
from app.domain.billing import CORRECTIONS, BillingClaim, ClaimName
from app.fhir.body import Checked
from app.fhir.bundle import BundleIndex, Entry
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement, standing_alone
from app.fhir.issues import Issues
from app.fhir.outcome import Issue
from app.pas.face import Face, Reference
from app.pas.parts.current import claim_created
from app.pas.parts.limits import MOST_ITEMS, MOST_NUMBERS, up_to
from app.pas.parts.read_claim_header import (
    check_head,
    claim_type,
    focal_insurance,
    provider_references,
)
from app.pas.parts.read_header import CareTeamMember, read_care_team, read_diagnoses
from app.pas.parts.read_line import ClaimHeader
from app.pas.parts.read_parties import facility_npi
from app.pas.parts.read_transmission import sender_ids
from app.pas.parts.read_types import identifiers, period
from app.pas.parts.write_types import identifier

DRY_RUN = "predetermination"
"""The `use` of a Claim that asks for a preview of its answer."""


class SubmittedBillingClaim(Struct, frozen=True):
    """A billing claim as read, with the parts of the body that its answer needs.

    `face` holds the client's references. `index` is empty if the Claim came without a Bundle.
    """

    billing_claim: BillingClaim
    face: Face
    warnings: tuple[Issue, ...]
    claim: Entry
    index: BundleIndex


def server_references(checked: Checked) -> tuple[str, ...]:
    """Return the references, such as `Patient/<id>`, that may lead to resources of this server.

    Only a Claim without a Bundle may refer to them; a Bundle contains all resources that it refers to.
    """
    if checked.resource["resourceType"] != "Claim":
        return ()
    claim = Element(checked.resource, Issues(), "Claim")
    focal = focal_insurance(claim)
    places = [*_places(claim, focal).items()]
    places += [("claimResponse", insurance) for insurance in earlier_insurances(claim, focal)]
    references = (server_reference(place, name) for name, place in places if place is not None)
    return tuple(dict.fromkeys(reference for reference in references if reference is not None))


def read_claim(checked: Checked, resources: Resources | None = None) -> SubmittedBillingClaim:
    """Read a billing claim, alone or in a Bundle. `resources` are resources of this server, by relative reference.

    Raises FhirError UNPROCESSABLE with all issues of the body, including those of the engine.
    """
    issues = Issues(checked.issues)
    entries, claim = _open(checked.resource, issues)
    use = DRY_RUN if claim.resource.text("use") == DRY_RUN else "claim"
    check_head(claim.resource, use, ("active", "cancelled"))
    insurance = focal_insurance(claim.resource)
    roles = {
        name: read_role(entries, claim, place, name, resources or {}) if place else None
        for name, place in _places(claim.resource, insurance).items()
    }
    team = read_care_team(entries, claim, "error")
    billing_claim = _billing_claim(entries, claim, roles, team, insurance)
    earlier = read_earlier_payers(entries, claim, insurance, billing_claim.lines, resources or {})
    return SubmittedBillingClaim(
        billing_claim=replace(billing_claim, earlier_payers=earlier),
        face=_face(billing_claim, roles, claim, team),
        warnings=issues.warnings(),
        claim=claim.entry,
        index=entries.index,
    )


def _open(body: dict[str, Any], issues: Issues) -> tuple[Entries, ResourceElement]:
    if body["resourceType"] == "Claim":
        return Entries(Element({}, issues, "Bundle")), standing_alone(Element(body, issues, "Claim"))
    root = Element(body, issues, "Bundle")
    entries = Entries(root)
    if entries.first is None or entries.first.type != "Claim":
        root.note("The first entry must be a Claim.", "entry", code="structure")
        raise issues.refusal()
    return entries, entries.first


def _places(claim: Element, insurance: Element | None) -> dict[str, Element | None]:
    """Return the element that carries each Reference to a participant, by the name of the Reference."""
    return {"patient": claim, "insurer": claim, "provider": claim, "coverage": insurance}


def _billing_claim(
    entries: Entries,
    claim: ResourceElement,
    roles: Mapping[str, Role | None],
    team: Mapping[int, CareTeamMember],
    insurance: Element | None,
) -> BillingClaim:
    resource, created = claim.resource, claim_created(claim.resource)
    header = _header(entries, claim, team)
    billing_claim = BillingClaim(
        identifier=next(iter(identifiers(resource.many("identifier"))), None),
        claim_type=claim_type(resource),
        member=role_member(roles["patient"], roles["coverage"], created),
        insurer=role_party(entries, roles["insurer"], created),
        provider=role_party(entries, roles["provider"], created),
        created=created,
        lines=read_lines(resource, header),
        numbers=tuple(insurance.texts("preAuthRef")) if insurance is not None else (),
        type_of_bill=type_of_bill(resource),
        sender_ids=sender_ids(resource),
        referrals=read_referrals(entries, claim),
        admission_type=read_admission_type(resource),
        dry_run=resource.text("use") == DRY_RUN,
        **_correction(resource),
    )
    _check_numbers(resource, billing_claim)
    return billing_claim


def _check_numbers(resource: Element, billing_claim: BillingClaim) -> None:
    if len(claimed_numbers(billing_claim)) > MOST_NUMBERS:
        text = f"A Claim must not carry more than {MOST_NUMBERS} different authorization numbers."
        resource.note(text, code="too-costly")


def _header(entries: Entries, claim: ResourceElement, team: Mapping[int, CareTeamMember]) -> ClaimHeader:
    resource = claim.resource
    return ClaimHeader(
        care_team=team,
        diagnoses=read_diagnoses(entries, claim),
        period=period(resource.one("billablePeriod")),
        facility=facility_npi(entries, claim, resource, "facility", "error"),
        locations={
            reference.text("reference") or "": facility_npi(entries, claim, item, "locationReference", "error")
            for item in up_to(MOST_ITEMS, resource, "item")
            if (reference := item.one("locationReference")) is not None
        },
    )


def _correction(claim: Element) -> dict[str, Any]:
    """Read the frequency, and the earlier claim that a replacement or a void names."""
    frequency = read_frequency(claim)
    return {"frequency": frequency, "original": read_original(claim) if frequency in CORRECTIONS else ClaimName()}


def _face(
    billing_claim: BillingClaim,
    roles: Mapping[str, Role | None],
    claim: ResourceElement,
    team: Mapping[int, CareTeamMember],
) -> Face:
    request: Reference = {"reference": claim.full_url} if claim.full_url else {"type": "Claim"}
    if not claim.full_url and billing_claim.identifier is not None:
        request["identifier"] = identifier(billing_claim.identifier)
    coverage = roles["coverage"]
    return Face(
        patient=answer_reference(roles["patient"], billing_claim.member),
        insurer=answer_reference(roles["insurer"], billing_claim.insurer),
        requestor=answer_reference(roles["provider"], billing_claim.provider),
        request=request,
        coverage=coverage.quotable if coverage is not None else None,
        providers=provider_references(team.values()),
    )
