"""Check that a client may have its Subscription: when it writes it, and before each delivery."""

from __future__ import annotations

from app.access.grant import Role
from app.access.outbound.endpoint import EndpointRefused, check_listed, read_endpoint
from app.access.registry import Client
from app.records.access.registry import find, find_organizations
from app.subscriptions.read_filter import comparable
from app.subscriptions.read_subscription import SubscriptionRequest
from app.workflow.registry.principal import Principal, principal_of
from app.workflow.system import System


class NotEntitled(Exception):  # noqa: N818 - a refusal, not an error of the server
    """The client must not have this Subscription. The text is for the client and names no record."""


async def rights_of(system: System, client: str) -> Principal:
    """Read a client with its present organizations. Raises NotEntitled if it is unknown, disabled or no provider's."""
    record = await find(system.documents, Client, client)
    if record is None or record.disabled or record.role is not Role.PROVIDER:
        raise NotEntitled("Only a registered client of a provider may have Subscriptions.")
    return principal_of(record, None, await find_organizations(system.documents, record.organizations))


def check_entitled(system: System, rights: Principal, request: SubscriptionRequest) -> None:
    """Check the filter and the endpoint against the client's rights. Raises NotEntitled."""
    if not names_own(rights, request):
        raise NotEntitled("The filter must name identifiers of the client's own organizations only.")
    rules = system.hooks.rules
    try:
        check_listed(read_endpoint(request.endpoint, rules), rights.client.hooks, rules)
    except EndpointRefused as refused:
        raise NotEntitled(str(refused)) from refused


def names_own(rights: Principal, request: SubscriptionRequest) -> bool:
    """Return whether all values of the filters are identifiers of the client's organizations."""
    own = {comparable(identifier) for _, identifier in rights.owners}
    return all(own.issuperset(alternatives) for alternatives in request.filters)
