"""Read a Subscription of a client (http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-subscription)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.access.outbound.channel_headers import read_channel_headers
from app.access.outbound.endpoint import EndpointRefused, OutboundRules, read_endpoint
from app.codes import backport
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.extension import Extensions, extensions_of
from app.fhir.instants import interval
from app.fhir.issues import Issues
from app.subscriptions.read_filter import Filter, FilterRefused, read_filter
from app.subscriptions.topics import TOPICS

PAYLOADS = ("application/fhir+json", "application/json")
FULL_RESOURCE, ID_ONLY = "full-resource", "id-only"
SHORTEST_HEARTBEAT, LONGEST_HEARTBEAT = 10, 86_400
REST_HOOK = "rest-hook"

_STATUSES = {"requested": True, "active": True, "off": False}
"""The statuses that a client may set, and whether the channel is then tried; the server sets the others."""

_HEARTBEAT, _TIMEOUT = backport("backport-heartbeat-period"), backport("backport-timeout")
_CONTENT, _FILTER = backport("backport-payload-content"), backport("backport-filter-criteria")

Json = dict[str, Any]


class SubscriptionRequest(Struct, frozen=True):
    """A client's wish for notifications.

    `filters`: an event must meet each one; without a filter, all events of the client's organizations count.
    `content`: full-resource or id-only. `headers`: names and values for each notification.
    `heartbeat`, `timeout`: seconds. `is_on`: False if the client turns the Subscription off.
    """

    topic: str
    filters: tuple[Filter, ...]
    endpoint: str
    payload: str
    content: str
    headers: tuple[tuple[str, str], ...]
    heartbeat: int | None
    timeout: int | None
    end: datetime | None
    is_on: bool


def read_subscription(
    checked: Checked, contents: tuple[str, ...], rules: OutboundRules, now: datetime, *, strict: bool
) -> SubscriptionRequest:
    """Read a Subscription. Raises FhirError UNPROCESSABLE with all issues; each names the supported values.

    `contents` are the contents of a payload that the edition supports, `rules` those of endpoints. Without `strict`,
    unknown filters and an end in the past have no effect: test beds send them.
    """
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Subscription")
    channel = body.one("channel") or Element({}, issues, "channel", body)
    _check_type(channel)
    topic = _supported(body, "criteria", body.text("criteria"), tuple(TOPICS))
    request = SubscriptionRequest(
        topic,
        _filters(body, topic, strict=strict),
        _endpoint(channel, rules),
        _supported(channel, "payload", channel.text("payload"), PAYLOADS),
        _supported(channel, "payload", _beside(channel, "payload").text(_CONTENT, "valueCode"), contents, _CONTENT),
        _headers(channel),
        _seconds(channel, _HEARTBEAT, SHORTEST_HEARTBEAT),
        _seconds(channel, _TIMEOUT, 1),
        _end(body, now, strict=strict),
        _STATUSES[_supported(body, "status", body.text("status"), tuple(_STATUSES))],
    )
    issues.warnings()
    return request


def _check_type(channel: Element) -> None:
    _supported(channel, "type", channel.text("type"), (REST_HOOK,))
    if channel.one("_type") is not None:
        channel.note(f"`type` must be {REST_HOOK}, without an extension.", "type")


def _supported(element: Element, name: str, value: str | None, values: tuple[str, ...], extension: str = "") -> str:
    """Return the value if the server supports it; else note an issue, and return the first supported value."""
    if value in values:
        return value
    subject = f"The extension {extension}" if extension else f"`{name}`"
    element.note(f"{subject} must be {' or '.join(values)}.", name, code="not-supported")
    return values[0]


def _beside(element: Element, name: str) -> Extensions:
    """Return the extensions of a primitive element."""
    return extensions_of(element.one(f"_{name}") or Element({}, element.issues, name, element))


def _filters(body: Element, topic: str, *, strict: bool) -> tuple[Filter, ...]:
    beside = body.one("_criteria")
    filters: list[Filter] = []
    for extension in [] if beside is None else beside.many("extension"):
        try:
            filters.append(_filter(extension, topic))
        except FilterRefused as refused:
            if strict:
                body.note(str(refused), "criteria", code="not-supported")
    return tuple(filters)


def _filter(extension: Element, topic: str) -> Filter:
    if extension.text("url") != _FILTER:
        raise FilterRefused(f"The extension of `criteria` must be {_FILTER}.")
    return read_filter(extension.text("valueString") or "", TOPICS[topic].filters)


def _endpoint(channel: Element, rules: OutboundRules) -> str:
    url = channel.text("endpoint")
    if url is None:
        channel.missing("endpoint")
        return ""
    try:
        read_endpoint(url, rules)
    except EndpointRefused as refused:
        channel.note(str(refused), "endpoint")
    return url


def _headers(channel: Element) -> tuple[tuple[str, str], ...]:
    try:
        return read_channel_headers(channel.texts("header"))
    except EndpointRefused as refused:
        channel.note(str(refused), "header")
        return ()


def _seconds(channel: Element, url: str, least: int) -> int | None:
    extension = extensions_of(channel).first(url)
    if extension is None:
        return None
    seconds = extension.integer("valueUnsignedInt")
    if seconds is None or not least <= seconds <= LONGEST_HEARTBEAT:
        channel.note(f"The extension {url} must have {least} to {LONGEST_HEARTBEAT} seconds as valueUnsignedInt.")
    return seconds


def _end(body: Element, now: datetime, *, strict: bool) -> datetime | None:
    text = body.text("end")
    if text is None:
        return None
    end = interval(text)[0]
    if end > now:
        return end
    if strict:
        body.note("`end` must be in the future.", "end")
    return None
