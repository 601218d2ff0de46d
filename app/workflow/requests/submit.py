"""`Claim/$submit`: review and answer a prior authorization request, or pass a billing claim to its own workflow.

http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-submit
"""

from __future__ import annotations

from app.access.grant import Role
from app.bills.read_claim import DRY_RUN
from app.fhir.outcome import Fault, FhirError
from app.pas.requests.read_request import SubmittedRequest, claim_use, read_request
from app.records import authorizations
from app.records.authorizations import Served
from app.records.replays import find_replay, replay_keys
from app.workflow.bills.adjudicate import adjudicate_submitted
from app.workflow.bills.dry_run import preview_submitted
from app.workflow.call import Answer, Call, Received
from app.workflow.contention import retried
from app.workflow.parameters import unwrapped
from app.workflow.requestor import acting_for
from app.workflow.requests.follow import outdated
from app.workflow.requests.review import Reviewed, Submitting, review_submitted
from app.workflow.requests.written import written
from app.workflow.served import repeated
from app.workflow.system import System


async def submit(system: System, call: Call, received: Received) -> Answer:
    """Answer a PAS request Bundle. The same content from the same organization gets the same answer."""
    received = await unwrapped(system, call, received)
    use = claim_use(received.body)
    # A bare Claim can only be a billing claim; its reader reports a missing or unknown use.
    if use in {"claim", DRY_RUN} or (received.body.type == "Claim" and use != "preauthorization"):
        bill = preview_submitted if use == DRY_RUN else adjudicate_submitted
        return await bill(system, call, received)
    if call.grant.role is Role.BILLER:
        raise FhirError(Fault.FORBIDDEN, "A biller's client may submit billing claims only, no requests.")
    received.body.expect("Bundle")
    return await _request(system, call, received)


async def _request(system: System, call: Call, received: Received) -> Answer:
    """Answer a request, and answer it again if another call has changed its records meanwhile."""
    keys = await system.aside(
        call, received, replay_keys, call.organizations, call.edition.version, received.body.elements
    )
    async with system.contention.turn([keys[call.owner]]):
        submitted: SubmittedRequest | None = None
        followed: tuple[str, int] | None = None

        async def attempt() -> Answer:
            nonlocal submitted, followed
            first = await find_replay(system.documents, list(keys.values()))
            if first is not None:
                return await repeated(system.documents, first)
            if submitted is None:
                submitted = await system.aside(call, received, _read, system, call, received)
            submitting = _submitting(system, call, received, submitted, keys)
            reviewed = await review_submitted(system, submitting)
            followed = _followed_still(reviewed, followed)
            return await _stored(system, submitting, reviewed)

        return await retried(attempt)


def _read(system: System, call: Call, received: Received) -> SubmittedRequest:
    edition = call.edition
    checked = system.conformance.by_profile(received.body, edition.version, edition.request_bundle)
    return read_request(checked, edition)


def _submitting(
    system: System, call: Call, received: Received, submitted: SubmittedRequest, keys: dict[str, str]
) -> Submitting:
    acting = acting_for(system, call, submitted.request.requestor, submitted.request.sender_ids)
    return Submitting(acting, received, submitted, keys[acting.owner])


def _followed_still(reviewed: Reviewed, followed: tuple[str, int] | None) -> tuple[str, int] | None:
    """Return the version of the request that an update follows; None for a first request.

    `followed` is that of the attempt before. Raises FhirError CONFLICT if another update has replaced it meanwhile.
    """
    if reviewed.updating is None:
        return None
    before = reviewed.updating.stored.authorization
    version = before.id, len(before.submissions)
    if followed not in {None, version}:
        raise outdated()
    return version


async def _stored(system: System, submitting: Submitting, reviewed: Reviewed) -> Answer:
    current = await authorizations.served_of(system.documents, reviewed.record) if reviewed.updating else Served()
    call, received = submitting.call, submitting.received
    answer, writes = await system.aside(call, received, written, system, submitting, reviewed, current)
    await system.documents.commit(*writes)
    return Answer(answer, recorded=True)
