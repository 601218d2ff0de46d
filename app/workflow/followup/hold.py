"""Hold attachments whose request the payer does not have yet."""

from __future__ import annotations

from app.audit.access import Access, Interaction
from app.domain.authorization import UNKNOWN_PAYER
from app.domain.parts.attachment import Attachment
from app.domain.request import Party
from app.fhir.outcome import Fault, FhirError
from app.pas.asking.read_attachment import SubmittedAttachments
from app.pas.asking.write_receipt import held_receipt
from app.records.evidence.contents import Content, content_rows
from app.records.evidence.held import MOST_HELD, MOST_HELD_BYTES, Held, all_held, held_ids
from app.records.trail import Event
from app.workflow.call import Answer, Call
from app.workflow.changes import Change, actor_of
from app.workflow.followup.drop import dropping, expired
from app.workflow.system import System


async def hold(
    system: System,
    call: Call,
    submitted: SubmittedAttachments,
    received: dict[str, tuple[Attachment, str]],
) -> Answer:
    """Hold the documents for the organization. Raises FhirError CONFLICT if it has too many of them."""
    payer = None if submitted.payer is None else system.payer_of(Party((submitted.payer,)))
    name = "" if payer is None else payer.name
    rows = {
        Held(call.owner, name, submitted.member, attachment, len(text.encode())): text
        for attachment, text in received.values()
    }
    known = await held_ids(system.documents, [held.id for held in rows])
    new = {held: text for held, text in rows.items() if held.id not in known}
    held = await all_held(system.documents, call.owner)
    ended = await expired(system, held, {attachment.content for attachment, _ in received.values()}, call.now)
    _check_room([*(stored.held for stored in held if stored not in ended), *new])
    kept = await content_rows(system.documents, [held.attachment.content for held in new])
    contents = tuple(
        Content(held.attachment.content, text, kept.get(held.attachment.content), (held.id,))
        for held, text in new.items()
    )
    event = Event("hold-attachment", name or UNKNOWN_PAYER, "", {"contents": [content.id for content in contents]})
    access = Access(interaction=Interaction.CREATE, payers=(name or UNKNOWN_PAYER,), operation="$submit-attachment")
    change = Change(contents=contents, held=tuple(new), events=(event,) if new else (), accesses=(access,))
    await system.commit(actor_of(call), change, await dropping(system, ended))
    return Answer(held_receipt(), recorded=True)


def _check_room(held: list[Held]) -> None:
    """Check what an organization would have held. Raises FhirError CONFLICT."""
    if len(held) > MOST_HELD or sum(one.size for one in held) > MOST_HELD_BYTES:
        text = (
            f"At most {MOST_HELD:,} attachments with {MOST_HELD_BYTES:,} bytes are held for an organization. Send the"
            " requests of the others first."
        )
        raise FhirError(Fault.CONFLICT, text)
