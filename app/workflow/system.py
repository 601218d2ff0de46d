"""The running server's parts, built once in `main.py` and passed to every workflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar, TypeVarTuple

from msgspec import Struct, field

from app.access.grant import Grant
from app.access.in_flight import InFlight
from app.access.reach import Reach
from app.access.verifier import TokenVerifier
from app.conformance.admission import Conformance
from app.domain.authorization import Reason
from app.domain.billing import AdjudicationReason
from app.domain.request import Party
from app.fhir.body import Unchecked
from app.fhir.entity_tags import EntityTags
from app.pas.edition import Edition
from app.policy.clocks import Clocks
from app.policy.policy import Policy
from app.ports import Clock, Documents, Ids
from app.workflow.aside import Aside
from app.workflow.contention import Contention

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class System(Struct, frozen=True):
    """Everything a workflow needs. `payers` are the policies in force, by payer id (the policy's name)."""

    documents: Documents
    clock: Clock
    ids: Ids
    tokens: TokenVerifier
    payers: Mapping[str, Policy]
    review_reasons: Mapping[str, Reason]
    adjudication_reasons: Mapping[str, AdjudicationReason]
    clocks: Clocks
    conformance: Conformance
    root: str
    max_body_bytes: int
    max_other_body_bytes: int
    in_flight: InFlight
    inquiry_client_bound: bool = True
    requestor_client_bound: bool = False
    demo: bool = False
    contention: Contention = field(default_factory=Contention)
    threads: Aside = field(default_factory=Aside)

    def payer_of(self, insurer: Party) -> Policy | None:
        """Return the payer that one of the insurer's identifiers names, or None."""
        return next((policy for policy in self.payers.values() if policy.is_of(insurer)), None)

    async def aside(
        self,
        call: Call,
        received: Received,
        function: Callable[[*Arguments], Result],
        *arguments: *Arguments,
    ) -> Result:
        """Call a function on a received body, on a thread if the body is large (see `Aside.run`)."""
        return await self.threads.run(len(received.body.text), call.grant.client, function, *arguments)


class Call(Struct, frozen=True):
    """A call of the server: the caller's grant and Reach, the edition, the base URL and the time."""

    grant: Grant
    reach: Reach
    edition: Edition
    base: str
    now: datetime

    @property
    def owner(self) -> str:
        """The organization that owns the submissions of this call; for a client without one, the client itself."""
        return self.grant.organization or f"client:{self.grant.client}"


class Answer(Struct, frozen=True):
    """A successful response: FHIR JSON as text, and the headers that depend on the resource."""

    body: str
    status: int = 200
    etag: str | None = None
    last_modified: datetime | None = None
    location: str | None = None


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
