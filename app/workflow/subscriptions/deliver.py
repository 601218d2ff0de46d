"""Deliver what is due on a channel: the handshake, notifications in their order, or a heartbeat."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from app.fhir.json import encoded
from app.log import get_logger
from app.ports import Conflict, Undeliverable
from app.records.subscriptions import channels
from app.records.subscriptions.channels import StoredChannel
from app.records.subscriptions.notifications import Notification, numbered
from app.subscriptions.channel import Channel, Outcome, Status, closed, leased, settled
from app.subscriptions.write_notification import EVENT, HANDSHAKE, HEARTBEAT, NumberedEvent, write_notification
from app.workflow.changes import Change, ChannelChange
from app.workflow.contention import retried
from app.workflow.subscriptions.accesses import delivery_of, subscriber
from app.workflow.subscriptions.channel_change import channel_change
from app.workflow.subscriptions.rights import NotEntitled, Rights, check_entitled, rights_of
from app.workflow.system import System

LONGEST_ATTEMPT = 10.0
MOST_AT_ONCE = 10
"""Notifications of a lease. None begins when the rest of the lease is shorter than LONGEST_ATTEMPT."""

NO_ANSWER = "The endpoint could not be reached, or gave no complete answer in time."


async def lease(system: System, due: StoredChannel) -> Channel | None:
    """Take a channel that is due; None if another worker was first."""
    now = system.clock.now()
    taken = leased(due.channel, system.ids.new(), now)
    try:
        await system.commit(subscriber(taken, now), Change(channels=(ChannelChange(due, taken),)))
    except Conflict:
        return None
    return taken


async def deliver(system: System, channel: Channel) -> None:
    """Deliver on a leased channel, and give the lease back with the result."""
    now, end = system.clock.now(), channel.request.end
    try:
        rights = await rights_of(system, channel.client, channel.request.topic)
        check_entitled(system, rights, channel.request)
    except NotEntitled as refused:
        text = str(refused)
        await _settle(system, channel, lambda current, _: closed(current, Status.ERROR, text))
        return
    if end is not None and end <= now:
        await _settle(system, channel, lambda current, _: closed(current, Status.OFF))
        return
    outcome = await _sent(system, channel, rights)
    jitter = random.random()  # noqa: S311 - no secret
    await _settle(system, channel, lambda current, after: settled(current, outcome, after, jitter))


async def _settle(system: System, channel: Channel, changed: Callable[[Channel, datetime], Channel]) -> None:
    """Store the result, unless the client has written or deleted the Subscription since."""

    async def attempt() -> None:
        current, now = await channels.by_id(system.documents, channel.id), system.clock.now()
        if current is None or current.channel.lease != channel.lease:
            return
        after = changed(current.channel, now)
        if after.status is Status.ERROR:
            get_logger().warning("subscription in error", subscription=channel.id)
        await system.commit(subscriber(channel, now), await channel_change(system, current, after, now))

    await retried(attempt)


async def _sent(system: System, channel: Channel, rights: Rights) -> Outcome:
    if channel.status is Status.ACTIVE and channel.is_pending:
        return await _sent_events(system, channel, rights)
    kind = HANDSHAKE if channel.status is Status.REQUESTED else HEARTBEAT
    return Outcome(channel.delivered, await _posted(system, channel, kind))


async def _sent_events(system: System, channel: Channel, rights: Rights) -> Outcome:
    """Send the next notifications in order, until one fails. Those of a lost organization are withheld for good."""
    first, last = channel.delivered + 1, min(channel.events, channel.delivered + MOST_AT_ONCE)
    delivered = channel.delivered
    kept = await numbered(system.documents, channel.id, first, last)
    if not kept:
        return Outcome(last)  # their requests are purged
    for notification in kept:
        if notification.number > first and _is_ending(channel, system.clock.now()):
            break
        if notification.owner in rights.owners and notification.owner in channel.organizations:
            access = delivery_of(notification)
            actor = subscriber(channel, system.clock.now(), notification)
            await system.audit.write(system.documents, system.ids, [(actor, access)])
            if failure := await _posted(system, channel, EVENT, notification):
                return Outcome(delivered, failure)
        delivered = notification.number
    return Outcome(delivered)


def _is_ending(channel: Channel, now: datetime) -> bool:
    return channel.leased_until is not None and now + timedelta(seconds=LONGEST_ATTEMPT) > channel.leased_until


async def _posted(system: System, channel: Channel, kind: str, notification: Notification | None = None) -> str:
    """Post a notification; return the failure, empty if the endpoint took it."""
    events = () if notification is None else (event_of(notification),)
    ids = [system.ids.new() for _ in range(1 + len(events))]
    bundle = write_notification(channel, kind, system.clock.now(), ids, events)
    request = channel.request
    headers = (("Content-Type", request.payload), *request.headers)
    seconds = min(request.timeout or LONGEST_ATTEMPT, LONGEST_ATTEMPT)
    try:
        status = await system.hooks.notifier.post(request.endpoint, headers, encoded(bundle), seconds)
    except Undeliverable:
        return NO_ANSWER
    return "" if 200 <= status < 300 else f"The endpoint answered with a status of {status // 100}xx."  # noqa: PLR2004 - the class of success


def event_of(notification: Notification) -> NumberedEvent:
    """Return the event of a notification."""
    return NumberedEvent(notification.number, notification.at, notification.authorization, notification.answer)
