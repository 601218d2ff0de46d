"""A call of the server: the caller, the received body and the answer."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import Grant
from app.access.reach import Reach
from app.audit.access import Origin
from app.fhir.body import Unchecked
from app.fhir.entity_tags import EntityTags
from app.pas.edition import Edition
from app.ports import Document


class Call(Struct, frozen=True):
    """A call of the server: the caller's grant and Reach, the edition, the base URL, the time and the request's origin.

    `submitter` is the organization that a submission belongs to, once it is read.
    """

    grant: Grant
    reach: Reach
    edition: Edition
    base: str
    now: datetime
    origin: Origin = Origin()
    submitter: str | None = None

    @property
    def organizations(self) -> tuple[str, ...]:
        """The organizations of the caller; for a client without one, the client itself."""
        return self.grant.organizations or (f"client:{self.grant.client}",)

    @property
    def owner(self) -> str:
        """The organization that owns what the call stores: the submitter, else the caller's first organization."""
        return self.submitter or self.organizations[0]

    def acting_for(self, organization: str) -> Call:
        """Return the call on behalf of one of the caller's organizations."""
        return replace(self, submitter=organization)


class Answer(Struct, frozen=True):
    """A successful response: FHIR JSON as text, and the headers that depend on the resource.

    `documents` are the stored resources that it discloses. An AuditEvent about them is due, unless `recorded`: then the
    commit of the answer has stored it.
    """

    body: str
    status: int = 200
    etag: str | None = None
    last_modified: datetime | None = None
    location: str | None = None
    documents: tuple[Document, ...] = ()
    recorded: bool = False


class Received(Struct, frozen=True):
    """A request: its unchecked body, and the parts of its URL and headers that a workflow reads.

    `id`, `type` and `query` come from the URL, `if_match` from If-Match. `if_none_exist` holds the parameters of a
    conditional create; it is None for any other request.
    """

    body: Unchecked
    id: str = ""
    if_match: EntityTags | None = None
    if_none_exist: tuple[tuple[str, str], ...] | None = None
    type: str = ""
    query: tuple[tuple[str, str], ...] = ()
