"""End the earlier Subscriptions of a client that a new one repeats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.records.subscriptions.channels import StoredChannel
from app.subscriptions.channel import Channel, Status, closed
from app.subscriptions.read_subscription import SubscriptionRequest
from app.workflow.changes import Change
from app.workflow.subscriptions.channel_change import channel_change
from app.workflow.system import System


async def superseded(
    system: System, request: SubscriptionRequest, others: Sequence[StoredChannel], now: datetime
) -> list[Change]:
    """Return the changes that turn off the Subscriptions with the same endpoint, headers, filters and content."""
    same = [other for other in others if other.channel.status is not Status.OFF and _repeats(other.channel, request)]
    return [await channel_change(system, other, closed(other.channel, Status.OFF), now) for other in same]


def _repeats(channel: Channel, request: SubscriptionRequest) -> bool:
    earlier = channel.request
    return (earlier.topic, earlier.endpoint, earlier.headers, earlier.filters, earlier.content) == (
        request.topic,
        request.endpoint,
        request.headers,
        request.filters,
        request.content,
    )
