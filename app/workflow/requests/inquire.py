"""`Claim/$inquire`: query by example for authorizations, also for other providers of the request than its submitter.

http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-inquiry
"""

from __future__ import annotations

from app.access.grant import OF_PROVIDERS
from app.audit.access import Access, Interaction
from app.domain.authorization import UNKNOWN_PAYER, Authorization
from app.domain.inquiry.criteria import Inquiry
from app.domain.inquiry.matching import matches
from app.fhir.json import write
from app.pas.parts.read_warnings import kept_warnings
from app.pas.read_inquiry import SubmittedInquiry, read_inquiry
from app.pas.write_inquiry import Inquired, write_inquiry
from app.policy.policy import Policy
from app.records import authorizations
from app.records.authorizations import Participant
from app.records.replays import replay_keys
from app.records.trail import Event
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import Change, actor_of, rows
from app.workflow.contention import retried
from app.workflow.documents.desk import desk_of
from app.workflow.identify import identify
from app.workflow.parameters import unwrapped
from app.workflow.requests.originals import with_originals
from app.workflow.system import System

_ACTION = "inquire"


async def inquire(system: System, call: Call, received: Received) -> Answer:
    """Answer with the current state of the authorizations that the inquiry matches and the caller sees."""
    received = await unwrapped(system, call, received)
    submitted, key = await system.aside(call, received, _read, system, call, received)
    policy = system.payer_of(submitted.inquiry.insurer)

    async def attempt() -> Answer:
        of_member, refusal = (
            await _of_member(system, call, policy, submitted.inquiry, key) if policy else ([], Change())
        )
        asked = submitted.inquiry if system.inquiry_criteria else submitted.inquiry.identity
        matching = [authorization for authorization in of_member if matches(asked, authorization)]
        writes = rows(actor_of(call), system.ids, _change(policy, submitted, matching), refusal)
        await system.documents.commit(*writes)
        answered = await with_originals(system, call, matching)
        inquired = Inquired(submitted, call.base, call.now, call.edition, desk_of(policy, call.base))
        written = write_inquiry(answered, inquired, warns=_may_withhold(call, submitted.inquiry))
        return Answer(write(written), recorded=True)

    return await retried(attempt)


def _may_withhold(call: Call, inquiry: Inquiry) -> bool:
    """Return whether the answer could lack authorizations of others. No record counts, so a warning reveals none."""
    return call.grant.role in OF_PROVIDERS and not inquiry.names_authorization


def _read(system: System, call: Call, received: Received) -> tuple[SubmittedInquiry, str]:
    """Read the inquiry, and digest the body."""
    edition, body = call.edition, received.body
    body.expect("Bundle")
    checked = system.conformance.by_profile(body, edition.version, edition.inquiry_bundle)
    submitted = read_inquiry(checked, edition)
    return submitted, replay_keys((call.owner,), f"inquiry {edition.version}", body.elements)[call.owner]


def _change(policy: Policy | None, submitted: SubmittedInquiry, matching: list[Authorization]) -> Change:
    """Note the access, and the warnings: an answer without a ClaimResponse has no place for them."""
    payer = policy.name if policy else UNKNOWN_PAYER
    patients = dict.fromkeys(authorization.patient for authorization in matching) or {"": None}
    accesses = tuple(_access(payer, patient) for patient in patients)
    if not submitted.warnings:
        return Change(accesses=accesses)
    detail = {"warnings": [warning.path for warning in kept_warnings(submitted.warnings)]}
    return Change(accesses=accesses, events=(Event(_ACTION, payer, "", detail),))


def _access(payer: str, patient: str) -> Access:
    query = f"Claim/${_ACTION}"
    return Access(
        interaction=Interaction.SEARCH, payers=(payer,), patient=patient, query=query, operation=f"${_ACTION}"
    )


async def _of_member(
    system: System, call: Call, policy: Policy, inquiry: Inquiry, digest: str
) -> tuple[list[Authorization], Change]:
    """Read the member's authorizations that the caller sees, and the change of a refused inquiry.

    The payer's staff sees all. A provider sees the authorizations that it submitted, requested or performs. Only the
    NPIs of its client prove that; the NPIs in the Bundle do not. An inquiry about an unknown or contradicted member
    makes the same reads, so that its time reveals no member.
    """
    identified = await identify(system, call, policy, inquiry.member, digest)
    patient = "" if identified.stored is None else identified.stored.record.patient
    change = identified.refused or Change()
    if call.grant.role not in OF_PROVIDERS:
        of_payer = policy.name in call.grant.payers
        return await authorizations.of_patient(system.documents, patient) if of_payer else [], change
    npis = set(inquiry.npis)
    if system.inquiry_client_bound:
        npis &= call.grant.npis
    participant = Participant(patient, call.organizations, tuple(sorted(npis)))
    return await authorizations.of_participant(system.documents, participant), change
