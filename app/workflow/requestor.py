"""Find the organization that owns a submission, and limit a client to its own providers and senders."""

from __future__ import annotations

from app.access.ownership import Submitter, owner_of
from app.domain.request import Party
from app.fhir.outcome import Fault, FhirError
from app.workflow.call import Call
from app.workflow.system import System


def acting_for(system: System, call: Call, provider: Party, sender_ids: tuple[str, ...]) -> Call:
    """Return the call on behalf of the organization that owns the submission of this provider.

    Raises FhirError FORBIDDEN for a foreign provider; the text names no provider. With `requestor_match: any`, the
    caller's first organization owns the submissions of foreign providers.
    """
    owner = owner_of(call.grant, Submitter(provider.npi, provider.tax_id, sender_ids))
    if owner is not None:
        return call.acting_for(owner)
    if system.requestor_client_bound:
        text = (
            "The Claim's provider must have an NPI that is registered for this client, or a TIN if it has no NPI."
            " The sender id of its transmission identifiers must be registered, too."
        )
        raise FhirError(Fault.FORBIDDEN, text)
    return call
