"""Check that a client may have its Subscription: when it writes it, and before each delivery."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import REVIEWERS, Grant, Role
from app.access.outbound.endpoint import EndpointRefused, check_listed, read_endpoint
from app.access.registry import Client
from app.records.access.registry import find, find_organizations
from app.subscriptions.read_filter import comparable
from app.subscriptions.read_subscription import SubscriptionRequest
from app.subscriptions.topics import TOPICS, Audience, payer_owner
from app.workflow.registry.principal import principal_of
from app.workflow.system import System

AUDIENCES: Mapping[Audience, frozenset[Role]] = {
    Audience.SUBMITTER: frozenset({Role.PROVIDER}),
    Audience.PAYER: REVIEWERS,
}
"""The roles of the clients that may subscribe to a topic for this audience."""

SUBSCRIBERS = frozenset.union(*AUDIENCES.values())
"""The roles of the clients that may have Subscriptions."""

_REFUSED = {
    Audience.SUBMITTER: "Only a registered client of a provider may have Subscriptions to this topic.",
    Audience.PAYER: "Only a registered client of a payer's reviewers may have Subscriptions to this topic.",
}


class NotEntitled(Exception):  # noqa: N818 - a refusal, not an error of the server
    """The client must not have this Subscription. The text is for the client and names no record."""


class Rights(Struct, frozen=True):
    """A client, the owners whose events it may get, and the identifiers that may be in its filters."""

    client: Client
    owners: tuple[str, ...]
    identifiers: frozenset[str]

    def within(self, grant: Grant) -> Rights:
        """Return the rights that a token grants, too."""
        granted = {*grant.organizations, *map(payer_owner, grant.payers)}
        own = {*(identifier for _, identifier in grant.owners), *grant.payers}
        owners = tuple(owner for owner in self.owners if owner in granted)
        return replace(self, owners=owners, identifiers=self.identifiers & set(map(comparable, own)))


async def rights_of(system: System, client: str, topic: str) -> Rights:
    """Read the present rights of a client. Raises NotEntitled if it is unknown, disabled or not of the audience."""
    record, audience = await find(system.documents, Client, client), TOPICS[topic].audience
    if record is None or record.disabled or record.role not in AUDIENCES[audience]:
        raise NotEntitled(_REFUSED[audience])
    if audience is Audience.PAYER:
        return Rights(record, tuple(map(payer_owner, record.payers)), frozenset(map(comparable, record.payers)))
    principal = principal_of(record, None, await find_organizations(system.documents, record.organizations))
    identifiers = frozenset(comparable(identifier) for _, identifier in principal.owners)
    return Rights(record, principal.organizations, identifiers)


def check_entitled(system: System, rights: Rights, request: SubscriptionRequest) -> None:
    """Check the filter and the endpoint against the client's rights. Raises NotEntitled."""
    if not names_own(rights, request):
        raise NotEntitled("The filter must name identifiers of the client's own organizations only.")
    rules = system.hooks.rules
    try:
        check_listed(read_endpoint(request.endpoint, rules), rights.client.hooks, rules)
    except EndpointRefused as refused:
        raise NotEntitled(str(refused)) from refused


def names_own(rights: Rights, request: SubscriptionRequest) -> bool:
    """Return whether all values of the filters are identifiers of the client's organizations, or of its payers."""
    return all(rights.identifiers.issuperset(alternatives) for alternatives in request.filters)
