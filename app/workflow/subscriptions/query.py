"""`Subscription/$status` and `Subscription/{id}/$events`: how a client finds out what it has missed.

http://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-status.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue
from app.ports import Document
from app.records import resources
from app.records.paging import PAGE_BYTES
from app.records.subscriptions import channels
from app.records.subscriptions.notifications import Notification, numbered
from app.subscriptions.channel import Channel
from app.subscriptions.write_notification import QUERY_EVENT, QUERY_STATUS, write_notification, write_status
from app.workflow.arguments import Arguments, arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.subscriptions.deliver import event_of
from app.workflow.subscriptions.subscribe import MOST_OF_A_CLIENT
from app.workflow.system import System

MOST_EVENTS = 50
"""Events of one answer. A client asks again, from the number after the last one."""

Json = dict[str, Any]


async def status(system: System, call: Call, received: Received) -> Answer:
    """Answer with the status of one Subscription, or of the client's Subscriptions by `id` and `status`."""
    given = arguments(system, received, ("id", "status") if not received.id else ())
    if received.id:
        listed = [await _channel(system, call, received.id)]
    else:
        mine = await channels.of_client(system.documents, call.reach.client, MOST_OF_A_CLIENT)
        listed = [stored.channel for stored in mine if _is_selected(stored.channel, given)]
    entries = [
        {
            "fullUrl": f"urn:uuid:{(id_ := system.ids.new())}",
            "resource": write_status(channel, QUERY_STATUS, id_),
            "search": {"mode": "match"},
        }
        for channel in listed
    ]
    bundle: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return Answer(write({**bundle, "entry": entries} if entries else bundle))


async def events(system: System, call: Call, received: Received) -> Answer:
    """Answer with kept events of a Subscription, in order: at most MOST_EVENTS, from `eventsSinceNumber` on."""
    given = arguments(system, received, ("eventsSinceNumber", "eventsUntilNumber", "content"))
    channel = await _channel(system, call, received.id)
    content = given.one("content") or channel.request.content
    offered = call.edition.notification_contents
    if content not in offered:
        raise FhirError(Fault.PARAMETER, Issue(f"`content` must be {' or '.join(offered)}."))
    first = max(channel.oldest, given.number("eventsSinceNumber") or 0)
    last = min(channel.events, given.number("eventsUntilNumber") or channel.events, first + MOST_EVENTS - 1)
    kept = await numbered(system.documents, channel.id, first, last)
    seen = {document.id: document for document in await _seen(system, call, kept)}
    shown = _fitting([notification for notification in kept if notification.authorization in seen])
    asked = replace(channel, request=replace(channel.request, content=content))
    ids = [system.ids.new() for _ in range(1 + len(shown))]
    bundle = write_notification(asked, QUERY_EVENT, call.now, ids, [event_of(one) for one in shown])
    return Answer(write(bundle), documents=tuple(seen.values()))


async def _channel(system: System, call: Call, id_: str) -> Channel:
    """Read the channel of a Subscription that the caller sees. Raises FhirError NOT_FOUND."""
    await resources.read(system.documents, call.reach, "Subscription", id_)
    stored = await channels.by_id(system.documents, id_)
    if stored is None:
        raise FhirError(Fault.NOT_FOUND, "The Subscription is being deleted.")
    return stored.channel


def _is_selected(channel: Channel, given: Arguments) -> bool:
    ids, statuses = given.all("id"), given.all("status")
    return (not ids or channel.id in ids) and (not statuses or channel.status.value in statuses)


async def _seen(system: System, call: Call, kept: Sequence[Notification]) -> list[Document]:
    """Read the ClaimResponses of the events that are still within the caller's reach."""
    ids = dict.fromkeys(notification.authorization for notification in kept)
    return await resources.read_many(system.documents, call.reach, "ClaimResponse", list(ids))


def _fitting(shown: list[Notification]) -> list[Notification]:
    """Return the first notifications that fit into an answer, and at least one."""
    size = 0
    for index, notification in enumerate(shown):
        size += len(notification.answer)
        if size > PAGE_BYTES and index:
            return shown[:index]
    return shown
