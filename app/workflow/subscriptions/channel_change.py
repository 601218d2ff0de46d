"""The change of a channel by a worker. A new status is a new version of the Subscription."""

from __future__ import annotations

from datetime import datetime

from app.fhir.json import stored
from app.records import resources
from app.records.subscriptions.channels import StoredChannel, subscription_of
from app.subscriptions.channel import Channel
from app.workflow.changes import Change, ChannelChange
from app.workflow.subscriptions.served_subscription import shown
from app.workflow.system import System


async def channel_change(system: System, before: StoredChannel, after: Channel, now: datetime) -> Change:
    """Return the change of a channel, and of its Subscription if the status differs."""
    channels = (ChannelChange(before, after),)
    if after.status is before.channel.status:
        return Change(channels=channels)
    document = await subscription_of(system.documents, after)
    if document is None:
        return Change(channels=channels)
    return Change(
        served=(resources.next_version(document, shown(stored(document.body), after), now),), channels=channels
    )
