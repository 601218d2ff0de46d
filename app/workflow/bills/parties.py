"""The parties of a billing claim: resources of this server within the caller's Reach, and references to them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from app.bills.read_claim import SubmittedBillingClaim, read_claim, server_references
from app.domain.billing import BillingClaim
from app.fhir.json import stored
from app.fhir.outcome import FhirError
from app.pas.face import Face, member_reference, party_reference
from app.policy.policy import Policy
from app.records import resources
from app.workflow.call import Call, Received
from app.workflow.enroll import Enrolled
from app.workflow.system import System


async def with_references(system: System, call: Call, received: Received) -> SubmittedBillingClaim:
    """Read the billing claim and the resources it references on this server. Raises FhirError as `read_claim` does."""
    checked = await system.aside(call, received, system.conformance.by_r4, received.body)
    resolved: dict[str, dict[str, Any]] = {}
    for reference in server_references(checked):
        resource_type, _, resource_id = reference.partition("/")
        # `read_claim` reports a missing or invisible resource together with its other issues.
        with suppress(FhirError):
            document = await resources.read(system.documents, call.reach, resource_type, resource_id)
            resolved[reference] = stored(document.body)
    return await system.aside(call, received, read_claim, checked, resolved)


def server_face_of_claim(claim: str, billing_claim: BillingClaim, policy: Policy | None, enrolled: Enrolled) -> Face:
    """Refer to this server's own resources, and to unregistered parties by identifier."""
    patient = (
        {"reference": f"Patient/{enrolled.patient}"} if enrolled.patient else member_reference(billing_claim.member)
    )
    return Face(
        patient=patient,
        insurer={"reference": f"Organization/{policy.name}"} if policy else party_reference(billing_claim.insurer),
        requestor=party_reference(billing_claim.provider),
        request={"reference": f"Claim/{claim}"},
        coverage={"reference": f"Coverage/{enrolled.coverage}"} if enrolled.coverage else None,
    )
