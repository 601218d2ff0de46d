"""The Subscription that the server serves: as its client wrote it, without the secrets of its headers."""

from __future__ import annotations

from typing import Any

from app.fhir.json import stored
from app.fhir.outcome import Fault, FhirError, Issue
from app.ports import Document
from app.subscriptions.channel import Channel, Status

HIDDEN = "***"
"""Stands for the value of a header. A client that sends it back with an update keeps the stored value."""

Json = dict[str, Any]


def shown(resource: Json, channel: Channel) -> Json:
    """Return the Subscription with the state of its channel, and with hidden headers."""
    written = {name: value for name, value in resource.items() if name != "error"}
    written |= {"id": channel.id, "status": channel.status.value}
    if channel.request.headers:
        names = [name for name, _ in channel.request.headers]
        written["channel"] = {**resource["channel"], "header": [f"{name}: {HIDDEN}" for name in names]}
    if channel.status is Status.ERROR:
        written["error"] = channel.fault
    return written


def echoed(document: Document, channel: Channel) -> Json:
    """Return the stored Subscription with its headers, for the client that has just written them."""
    resource: Json = stored(document.body)
    if channel.request.headers:
        resource["channel"]["header"] = [f"{name}: {value}" for name, value in channel.request.headers]
    return resource


def with_kept_headers(resource: Json, before: Channel | None) -> Json:
    """Return the Subscription with the stored values in place of hidden ones.

    A stored value may go to the stored endpoint only. Raises FhirError UNPROCESSABLE for a hidden value without one.
    """
    channel = resource.get("channel", {})
    lines = channel.get("header", [])
    hidden = [line for line in lines if isinstance(line, str) and line.partition(":")[2].strip() == HIDDEN]
    if not hidden:
        return resource
    is_same = before is not None and before.request.endpoint == channel.get("endpoint")
    values = {name.lower(): value for name, value in before.request.headers} if before is not None and is_same else {}
    names = {line: line.partition(":")[0].strip() for line in hidden}
    if any(name.lower() not in values for name in names.values()):
        text = f"{HIDDEN} stands for a value that the server has for this endpoint. Send the value itself."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Subscription.channel.header", "value"))
    kept = [f"{names[line]}: {values[names[line].lower()]}" if line in names else line for line in lines]
    return {**resource, "channel": {**channel, "header": kept}}
