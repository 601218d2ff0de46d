"""Create and update Subscriptions, for the client that owns them.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-subscription
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from app.access.reach import CLIENT
from app.audit.access import Interaction
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue
from app.records import resources
from app.records.resources import Version
from app.records.subscriptions import channels
from app.records.subscriptions.channels import StoredChannel
from app.subscriptions.channel import Channel, Status, opened
from app.subscriptions.read_subscription import SubscriptionRequest, read_subscription
from app.workflow import served
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import Change, ChannelChange, actor_of
from app.workflow.contention import retried
from app.workflow.subscriptions.accesses import access_to
from app.workflow.subscriptions.rights import SUBSCRIBERS, NotEntitled, Rights, check_entitled, names_own, rights_of
from app.workflow.subscriptions.served_subscription import echoed, shown, with_kept_headers
from app.workflow.subscriptions.supersede import superseded
from app.workflow.system import System

MOST_OF_A_CLIENT = 50
"""Subscriptions of one client: a sending system needs one for each of its environments."""

Json = dict[str, Any]


async def subscribe(system: System, call: Call, received: Received) -> Answer:
    """Store a new Subscription with the status requested. The handshake follows when the client has the answer.

    It supersedes one of the client with the same endpoint, headers and filters: else each event would come twice.
    """
    if call.grant.role not in SUBSCRIBERS or call.grant.user:
        text = "Only a system of a provider, or of a payer's reviewers, may subscribe, with a token of its own."
        raise FhirError(Fault.FORBIDDEN, text)
    resource, request = await system.aside(call, received, _read, system, call, received, None)
    request, rights = await _entitled(system, call, request)
    others = await channels.of_client(system.documents, call.grant.client, MOST_OF_A_CLIENT)
    ended = await superseded(system, request, others, call.now)
    if len(others) >= MOST_OF_A_CLIENT:
        raise FhirError(
            Fault.FORBIDDEN, f"A client must not have more than {MOST_OF_A_CLIENT} Subscriptions. Delete one of them."
        )
    channel = opened(_channel(system.ids.new(), call, request, rights), call.now)
    document = resources.row(shown(resource, channel), access=((CLIENT, channel.client),), now=call.now)
    access = access_to(system, Interaction.CREATE, f"Subscription/{channel.id}")
    change = Change(served=(Version(document),), channels=(ChannelChange(None, channel),), accesses=(access,))
    await system.commit(actor_of(call), change, *ended)
    answer = replace(served.created(document, call.base), body=write(echoed(document, channel)))
    return served.recorded(answer)


async def update_subscription(system: System, call: Call, received: Received) -> Answer:
    """Store the next version of a Subscription, and begin again with a handshake; the events keep their numbers."""
    if received.body.peek("id") != received.id:
        raise FhirError(Fault.UNREADABLE, Issue("The body's id must equal the id in the URL.", "id"))
    return await retried(lambda: _update(system, call, received))


async def _update(system: System, call: Call, received: Received) -> Answer:
    document = await resources.read(system.documents, call.reach, "Subscription", received.id)
    served.match(document, received.if_match)
    before = await channels.by_id(system.documents, received.id)
    if before is None:
        raise FhirError(Fault.CONFLICT, "The Subscription is being deleted.")
    resource, request = await system.aside(call, received, _read, system, call, received, before)
    request, rights = await _entitled(system, call, request)
    changed = _channel(received.id, call, request, rights)
    written = {name: getattr(changed, name) for name in ("organizations", "base", "request", "role")}
    channel = opened(replace(before.channel, **written), call.now)
    version = resources.next_version(document, shown(resource, channel), call.now)
    access = access_to(system, Interaction.UPDATE, f"Subscription/{channel.id}")
    change = Change(served=(version,), channels=(ChannelChange(before, channel),), accesses=(access,))
    await system.commit(actor_of(call), change)
    answer = replace(served.answer(version.document), body=write(echoed(version.document, channel)))
    return served.recorded(answer)


def _read(
    system: System, call: Call, received: Received, before: StoredChannel | None
) -> tuple[Json, SubscriptionRequest]:
    checked = system.conformance.by_r4(received.body)
    resource = with_kept_headers(checked.resource, None if before is None else before.channel)
    request = read_subscription(
        replace(checked, resource=resource),
        call.edition.notification_contents,
        system.hooks.rules,
        call.now,
        strict=system.subscription_client_bound,
    )
    return resource, request


async def _entitled(system: System, call: Call, request: SubscriptionRequest) -> tuple[SubscriptionRequest, Rights]:
    """Check the client's rights, and return them. A test bed ignores filters that name other organizations."""
    try:
        rights = (await rights_of(system, call.grant.client, request.topic)).within(call.grant)
        if not system.subscription_client_bound and not names_own(rights, request):
            request = replace(request, filters=())
        check_entitled(system, rights, request)
    except NotEntitled as refused:
        raise FhirError(Fault.FORBIDDEN, str(refused)) from refused
    return request, rights


def _channel(id_: str, call: Call, request: SubscriptionRequest, rights: Rights) -> Channel:
    return Channel(
        id=id_,
        client=call.grant.client,
        role=call.grant.role,
        organizations=rights.owners,
        base=call.base,
        request=request,
        status=Status.REQUESTED,
    )
