"""Write the status of a Subscription and the Bundle of a notification.

http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-notification-r4
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Raw, Struct

from app.codes import backport
from app.fhir.instants import instant
from app.subscriptions.channel import Channel
from app.subscriptions.read_subscription import FULL_RESOURCE

HANDSHAKE, HEARTBEAT, EVENT, QUERY_STATUS, QUERY_EVENT = (
    "handshake",
    "heartbeat",
    "event-notification",
    "query-status",
    "query-event",
)

Json = dict[str, Any]

_STATUS_PROFILE = backport("backport-subscription-status-r4")
_NOTIFICATION_PROFILE = backport("backport-subscription-notification-r4")


class NumberedEvent(Struct, frozen=True):
    """An event of a channel: its number and time, the ClaimResponse, and the whole answer as a Bundle in JSON.

    The Bundle is empty if the channel wants ids only.
    """

    number: int
    at: datetime
    claim_response: str
    answer: str


def write_notification(
    channel: Channel, kind: str, now: datetime, ids: Sequence[str], events: Sequence[NumberedEvent] = ()
) -> Json:
    """Write the Bundle of a notification. `ids` are new UUIDs: for the status, and one for each event."""
    focuses = [_focus(channel, event, id_) for event, id_ in zip(events, ids[1:], strict=True)]
    status = write_status(channel, kind, ids[0], list(zip(events, focuses, strict=True)))
    url = f"{channel.base}/Subscription/{channel.id}/$status"
    entries = [_entry(_urn(ids[0]), status, ("GET", url), "200")]
    entries += [_focus_entry(channel, event, focus) for event, focus in zip(events, focuses, strict=True)]
    return {
        "resourceType": "Bundle",
        "id": ids[0],
        "meta": {"profile": [_NOTIFICATION_PROFILE]},
        "type": "history",
        "timestamp": instant(now),
        "entry": entries,
    }


def write_status(channel: Channel, kind: str, id_: str, events: Sequence[tuple[NumberedEvent, str]] = ()) -> Json:
    """Write the status of a Subscription as Parameters; `events` are events with the references of their focus."""
    count = events[-1][0].number if events and kind == EVENT else channel.events
    parameters: list[Json] = [
        {"name": "subscription", "valueReference": {"reference": f"{channel.base}/Subscription/{channel.id}"}},
        {"name": "topic", "valueCanonical": channel.request.topic},
        {"name": "status", "valueCode": channel.status.value},
        {"name": "type", "valueCode": kind},
        {"name": "events-since-subscription-start", "valueString": str(count)},
        *(_event(event, focus) for event, focus in events),
    ]
    if channel.fault and kind == QUERY_STATUS:
        parameters.append({"name": "error", "valueCodeableConcept": {"text": channel.fault}})
    return {
        "resourceType": "Parameters",
        "id": id_,
        "meta": {"profile": [_STATUS_PROFILE]},
        "parameter": parameters,
    }


def _event(event: NumberedEvent, focus: str) -> Json:
    parts = [
        {"name": "event-number", "valueString": str(event.number)},
        {"name": "timestamp", "valueInstant": instant(event.at)},
        {"name": "focus", "valueReference": {"reference": focus}},
    ]
    return {"name": "notification-event", "part": parts}


def _focus(channel: Channel, event: NumberedEvent, id_: str) -> str:
    """Return the reference of an event's focus: the Bundle in the notification, or the ClaimResponse here."""
    if channel.request.content == FULL_RESOURCE:
        return _urn(id_)
    return f"{channel.base}/ClaimResponse/{event.claim_response}"


def _focus_entry(channel: Channel, event: NumberedEvent, focus: str) -> Json:
    if channel.request.content == FULL_RESOURCE:
        return _entry(focus, Raw(event.answer.encode()), ("POST", f"{channel.base}/Bundle"), "201")
    return _entry(focus, None, ("GET", focus), "200")


def _entry(full_url: str, resource: Json | Raw | None, request: tuple[str, str], status: str) -> Json:
    method, url = request
    carried = {} if resource is None else {"resource": resource}
    return {
        "fullUrl": full_url,
        **carried,
        "request": {"method": method, "url": url},
        "response": {"status": status},
    }


def _urn(id_: str) -> str:
    return f"urn:uuid:{id_}"
