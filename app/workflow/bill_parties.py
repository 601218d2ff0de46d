"""Whom a bill names: resources of this server, seen through the caller's reach, and our references to them."""

from __future__ import annotations

from typing import Any

from app.domain.billing import BillingClaim
from app.domain.policy import Policy
from app.fhir.json import read
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.face import Face, member_reference, party_reference
from app.pas.read_claim import SubmittedBill, read_claim
from app.records import resources
from app.workflow.enroll import Enrolled
from app.workflow.system import Call, System


async def with_references(system: System, call: Call, body: dict[str, Any]) -> SubmittedBill:
    """Read the bill, with what it refers to on this server. Raises FhirError for a reference that leads nowhere."""
    submitted = read_claim(body)
    if not submitted.references:
        return submitted
    known: dict[str, dict[str, Any]] = {}
    issues: list[Issue] = []
    for name, reference in submitted.references.items():
        resource_type, _, resource_id = reference.partition("/")
        try:
            document = await resources.read(system.documents, call.reach, resource_type, resource_id)
        except FhirError:
            text = "The reference must lead to an entry, a contained resource or a resource of this server."
            issues.append(Issue(text, f"Claim.{name}", "not-found"))
        else:
            known[reference] = read(document.body.encode())
    if issues:
        raise FhirError(Fault.UNPROCESSABLE, *issues)
    return read_claim(body, known)


def server_face_of_bill(claim: str, bill: BillingClaim, policy: Policy | None, enrolled: Enrolled) -> Face:
    """Refer to this server's own resources, and by identifier to whoever is not registered here."""
    patient = {"reference": f"Patient/{enrolled.patient}"} if enrolled.patient else member_reference(bill.member)
    return Face(
        patient=patient,
        insurer={"reference": f"Organization/{policy.name}"} if policy else party_reference(bill.insurer),
        requestor=party_reference(bill.provider),
        request={"reference": f"Claim/{claim}"},
        coverage={"reference": f"Coverage/{enrolled.coverage}"} if enrolled.coverage else None,
    )
