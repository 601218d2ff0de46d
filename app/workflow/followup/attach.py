"""`$submit-attachment`: a provider sends documents that the payer has asked for, or that its request will name.

http://hl7.org/fhir/us/davinci-cdex/OperationDefinition/submit-attachment
"""

from __future__ import annotations

from msgspec.structs import replace

from app.access.ownership import Submitter, owner_of
from app.domain.authorization import Authorization
from app.domain.parts.attachment import Attachment
from app.domain.request import Party
from app.domain.review.attached import MOST_ATTACHED, with_attachments
from app.fhir.body import Unchecked
from app.fhir.instants import next_moment
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.asking.read_attachment import SubmittedAttachments, read_attachments
from app.pas.asking.write_receipt import attached_receipt, known_receipt
from app.policy.policy import Policy
from app.records import authorizations
from app.records.authorizations import Stored
from app.records.evidence.contents import Content, content_id, content_rows
from app.records.subscriptions.topic_events import result_available
from app.records.views.responses import response_version
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import Change, actor_of, reviewed_change
from app.workflow.contention import retried
from app.workflow.followup.addressee import addressee_of
from app.workflow.followup.hold import hold
from app.workflow.followup.review_again import reviewed_again
from app.workflow.system import System

ACTION = "submit-attachment"


async def submit_attachment(system: System, call: Call, received: Received) -> Answer:
    """Attach documents to the request of their tracking number. Without one, hold them until it comes."""
    received.body.expect("Parameters")
    submitted = await system.aside(call, received, _read, system, received.body)
    acting = _acting_for(system, call, submitted.provider)
    payers = _payers(system, submitted)
    documents = _documents(acting, submitted)

    async def attempt() -> Answer:
        stored = await addressee_of(system, acting.owner, payers, submitted)
        if stored is None:
            return await hold(system, acting, submitted, documents)
        return await _attach(system, acting, submitted, documents, stored)

    async with system.contention.turn([f"{acting.owner}|{submitted.tracking}"]):
        return await retried(attempt)


def _read(system: System, body: Unchecked) -> SubmittedAttachments:
    return read_attachments(system.conformance.by_r4(body))


def _acting_for(system: System, call: Call, provider: Party) -> Call:
    """Return the call on behalf of the organization that sends. Raises FhirError FORBIDDEN for a foreign one."""
    owner = owner_of(call.grant, Submitter(provider.npi, provider.tax_id))
    if owner is None and system.requestor_client_bound:
        text = "`OrganizationId` or `ProviderId` must be an NPI of this client, or a TIN if neither has an NPI."
        raise FhirError(Fault.FORBIDDEN, text)
    return call if owner is None else call.acting_for(owner)


def _payers(system: System, submitted: SubmittedAttachments) -> list[Policy]:
    """Return the payer that the sender names, else all. Raises FhirError UNPROCESSABLE for an unknown one."""
    if submitted.payer is None:
        return list(system.payers.values())
    policy = system.payer_of(Party((submitted.payer,)))
    if policy is None:
        text = "`PayerId` must be an identifier of a payer on this server."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Parameters.parameter.where(name = 'PayerId')"))
    return [policy]


def _documents(call: Call, submitted: SubmittedAttachments) -> dict[str, tuple[Attachment, str]]:
    """Return the attachments and the JSON of their resources by the id of their content: equal documents are one."""
    documents: dict[str, tuple[Attachment, str]] = {}
    for document in submitted.documents:
        id_ = content_id(call.owner, document.text)
        attachment = Attachment(id_, submitted.tracking, call.now, document.codes, document.lines, document.type)
        documents[id_] = attachment, document.text
    return documents


async def _attach(
    system: System,
    call: Call,
    submitted: SubmittedAttachments,
    documents: dict[str, tuple[Attachment, str]],
    stored: Stored,
) -> Answer:
    before = stored.authorization
    _check_lines(before, submitted)
    current = await authorizations.served_of(system.documents, before)
    if current.response is None:
        raise FhirError(Fault.NOT_FOUND, "The answer to the request is not served any longer.")
    known = {(attachment.content, attachment.tracking) for attachment in before.attachments}
    new = {id_: one for id_, one in documents.items() if (id_, submitted.tracking) not in known}
    if not new:
        return Answer(known_receipt(before), documents=(current.response,))
    if len(before.attachments) + len(new) > MOST_ATTACHED:
        raise FhirError(Fault.CONFLICT, f"A request must not have more than {MOST_ATTACHED} attachments.")
    attached = _with(before, [attachment for attachment, _ in new.values()], call)
    after = await reviewed_again(system, before, attached, call.now) if submitted.final else attached
    version = response_version(current.response, after, call.now)
    notices = (result_available(after),) if after is not attached else ()
    detail = {"tracking": submitted.tracking, "contents": list(new), "final": submitted.final}
    change = reviewed_change(ACTION, stored, after, (version,), task=current.task, detail=detail, notices=notices)
    rows = await content_rows(system.documents, list(new))
    contents = tuple(Content(id_, text, rows.get(id_), (before.id,)) for id_, (_, text) in new.items())
    await system.commit(actor_of(call), change, Change(contents=contents))
    return Answer(attached_receipt(after, final=submitted.final), recorded=True)


def _with(before: Authorization, attachments: list[Attachment], call: Call) -> Authorization:
    after = with_attachments(before, attachments)
    return replace(after, updated=next_moment(call.now, before.updated))


def _check_lines(authorization: Authorization, submitted: SubmittedAttachments) -> None:
    """Check that the request has each line. Raises FhirError UNPROCESSABLE."""
    numbers = {item.requested.number for item in authorization.items}
    numbers |= {str(item.requested.sequence) for item in authorization.items}
    faults = [
        Issue(f"`LineItem` must be the sequence of an item: {', '.join(sorted(numbers))}.", document.place)
        for document in submitted.documents
        if not numbers.issuperset(document.lines)
    ]
    if faults:
        raise FhirError(Fault.UNPROCESSABLE, *faults)
