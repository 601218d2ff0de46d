"""Limit a client to its own providers: with `requestor_match`, to the NPIs that are registered for it."""

from __future__ import annotations

from app.domain.request import Party
from app.fhir.outcome import Fault, FhirError
from app.workflow.call import Call
from app.workflow.system import System


def check_requestor(system: System, call: Call, provider: Party) -> None:
    """Check that the client may submit for the provider. Raises FhirError FORBIDDEN; its text names no provider."""
    if system.requestor_client_bound and provider.npi not in call.grant.npis:
        text = "The Claim's provider must have an NPI that is registered for this client."
        raise FhirError(Fault.FORBIDDEN, text)
