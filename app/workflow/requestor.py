"""Whom a client may submit and bill for: where `requestor_match` binds it, the providers whose numbers are its own."""

from __future__ import annotations

from app.domain.request import Party
from app.fhir.outcome import Fault, FhirError
from app.workflow.system import Call, System


def check_requestor(system: System, call: Call, provider: Party) -> None:
    """Refuse what names another provider than the client's own. Raises FhirError FORBIDDEN, which names nobody."""
    if system.requestor_client_bound and provider.npi not in call.grant.npis:
        text = "The provider of the Claim must be one that this client may speak for, by an NPI it is registered with."
        raise FhirError(Fault.FORBIDDEN, text)
