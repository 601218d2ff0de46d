"""The running server's parts, built once in `composition.py` and passed to every workflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import TypeVar, TypeVarTuple

from msgspec import Struct, field

from app.access.registry import People, Source
from app.audit.access import Actor
from app.conformance.admission import Conformance
from app.domain.request import Party
from app.policy.policy import Policy
from app.policy.tables import Tables
from app.ports import Clock, Documents, Ids
from app.records.access.page_key import PageKey
from app.workflow.aside import Aside
from app.workflow.audit.log import AuditLog
from app.workflow.budgets import Budgets
from app.workflow.call import Call, Received
from app.workflow.changes import Change, rows
from app.workflow.clock_watch import ClockWatch
from app.workflow.contention import Contention
from app.workflow.hooks import Hooks
from app.workflow.identity import Identity

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class System(Struct, frozen=True):
    """Everything a workflow needs.

    `payers` are the policies in force, by payer id (the policy's name). `shipped` are the reasons and clocks of payers
    without a policy. `people` are the organizations, clients and users that a start registers, by their source.
    """

    documents: Documents
    clock: Clock
    ids: Ids
    identity: Identity
    budgets: Budgets
    hooks: Hooks
    page_key: PageKey
    payers: Mapping[str, Policy]
    shipped: Tables
    conformance: Conformance
    root: str
    inquiry_client_bound: bool = True
    inquiry_criteria: bool = True
    requestor_client_bound: bool = True
    subscription_client_bound: bool = True
    demo: bool = False
    people: Mapping[Source, People] = {}
    pages: bool = True
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    clock_watch: ClockWatch = field(default_factory=lambda: ClockWatch(None))
    contention: Contention = field(default_factory=Contention)
    threads: Aside = field(default_factory=Aside)
    audit: AuditLog = field(default_factory=AuditLog)

    def payer_of(self, insurer: Party) -> Policy | None:
        """Return the payer that one of the insurer's identifiers names, or None."""
        return next((policy for policy in self.payers.values() if policy.is_of(insurer)), None)

    async def commit(self, actor: Actor, *changes: Change) -> None:
        """Commit the rows of the changes, and wake the workers if that gives them work. Raises Conflict."""
        await self.documents.commit(*rows(actor, self.ids, *changes))
        if any(change.gives_work for change in changes):
            self.hooks.bell.ring()

    async def aside(
        self,
        call: Call,
        received: Received,
        function: Callable[[*Arguments], Result],
        *arguments: *Arguments,
    ) -> Result:
        """Call a function on a received body, on a thread if the body is large (see `Aside.run`)."""
        return await self.threads.run(len(received.body.text), call.grant.client, function, *arguments)
