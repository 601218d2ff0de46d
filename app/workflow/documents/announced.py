"""Give a request the documents that came apart from it: those held under its control numbers, and attachments."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.parts.attachment import Attachment
from app.domain.review.attached import MOST_ATTACHED, with_attachments
from app.pas.parts.read_types import distinct
from app.pas.requests.read_request import SubmittedRequest
from app.policy.policy import Policy
from app.ports import Document
from app.records.evidence.contents import Content, content_rows
from app.records.evidence.held import StoredHeld, held_for
from app.records.members import is_number_of
from app.workflow.call import Call
from app.workflow.changes import Change
from app.workflow.enroll import Enrolled
from app.workflow.system import System


class Announced(Struct, frozen=True):
    """Held attachments that a request has announced, and the rows of their contents, as read."""

    held: tuple[StoredHeld, ...] = ()
    rows: tuple[Document, ...] = ()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The attachments, oldest first."""
        return tuple(stored.held.attachment for stored in self.held)

    def record(self, authorization: Authorization) -> Authorization:
        """Return the record with the attachments; it no longer asks for them."""
        return with_attachments(authorization, self.attachments) if self.held else authorization

    def change(self, authorization: Authorization) -> Change:
        """Return the change that gives the contents to the request, and holds them no longer."""
        released = tuple(stored.held.id for stored in self.held)
        contents = tuple(Content(row.id, row.body, row, (authorization.id,), released) for row in self.rows)
        return Change(contents=contents, deleted=tuple(stored.document for stored in self.held))


NOTHING = Announced()


async def announced_by(
    system: System, call: Call, policy: Policy, enrolled: Enrolled, submitted: SubmittedRequest
) -> Announced:
    """Read the attachments that the organization sent under the control numbers of its request, about its member."""
    stored = await held_for(system.documents, call.owner, submitted.request.control_numbers)
    of_payer = [row for row in stored if row.held.payer in {"", policy.name}]
    own = [row for row in of_payer if await _is_about(system, policy, enrolled, row)][:MOST_ATTACHED]
    if not own:
        return NOTHING
    rows = await content_rows(system.documents, [row.held.attachment.content for row in own])
    return Announced(tuple(own), tuple(rows.values()))


def with_documents(submitted: SubmittedRequest, attachments: Collection[Attachment]) -> SubmittedRequest:
    """Return the request with the types of documents that count for all its items."""
    whole = [attachment for attachment in attachments if not attachment.lines]
    if not whole:
        return submitted
    codes = (code for attachment in whole for code in attachment.codes)
    request = submitted.request
    documents = distinct((*request.documents, *codes))
    return replace(submitted, request=replace(request, documents=documents, has_documents=True))


async def _is_about(system: System, policy: Policy, enrolled: Enrolled, stored: StoredHeld) -> bool:
    """Return whether the member number of an attachment is that of the patient."""
    if stored.held.member == enrolled.member_id:
        return True
    return await is_number_of(system.documents, policy.name, stored.held.member, enrolled.patient)
