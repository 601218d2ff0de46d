"""Find the payer's record of the request that an update follows. An update of another organization finds none."""

from __future__ import annotations

from app.domain.update.predecessor import predecessor
from app.fhir.outcome import Fault, FhirError
from app.pas.requests.read_request import SubmittedRequest
from app.records import authorizations
from app.records.authorizations import Participant, Stored
from app.workflow.call import Call
from app.workflow.enroll import Enrolled
from app.workflow.system import System

_REPLACED = (
    "Another update has replaced the Claim that this update follows. Read the current ClaimResponse, and send the"
    " update again with the newest Claim in `related.claim`."
)


async def followed(system: System, call: Call, submitted: SubmittedRequest, enrolled: Enrolled) -> Stored | None:
    """Return the request that an update follows; None for a first request, or if the owner has sent no such request.

    Raises FhirError CONFLICT if the update follows a version that another update has replaced.
    """
    prior = submitted.request.prior
    if prior is None:
        return None
    own = await authorizations.of_participant(system.documents, Participant(enrolled.patient, (call.owner,)))
    earlier = predecessor(prior, submitted.request.requestor, own)
    if earlier is None:
        return None
    if earlier.replaced:
        raise outdated()
    return await authorizations.by_id(system.documents, earlier.authorization.id)


def outdated() -> FhirError:
    """Return the refusal of an update that follows a replaced version."""
    return FhirError(Fault.CONFLICT, _REPLACED)
