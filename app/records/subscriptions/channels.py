"""The channels of Subscriptions: found by id, by the keys of an event, by client, and when they are due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Order, Query, Range, Replace, Term
from app.subscriptions.channel import Channel, Status

KIND = "channel"
OPEN = "open"
KEY = "key"
CLIENT = "client"

MOST_SELECTED = 1_000
"""The most channels of one event."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Channel)


class StoredChannel(Struct, frozen=True):
    """A channel as read, with its document."""

    channel: Channel
    document: Document


def organization_key(organization: str) -> str:
    """Return the key by which channels without a filter find the events of an organization."""
    return f"organization {organization}"


def row(channel: Channel) -> Document:
    """Return the document of a channel; its order key is the time when it is due."""
    due = channel.due
    moment = "" if due is None else sortable(due)
    return Document(KIND, channel.id, _encoder.encode(channel).decode(), _terms(channel), moment, moment)


def _terms(channel: Channel) -> tuple[Term, ...]:
    terms = [(CLIENT, channel.client)]
    if channel.due is not None:
        terms.append((OPEN, "yes"))
    if channel.status is not Status.OFF:
        filters = channel.request.filters
        keys = filters[0] if filters else map(organization_key, channel.organizations)
        terms += ((KEY, _key(channel.request.topic, key)) for key in keys)
    return tuple(terms)


def _key(topic: str, key: str) -> str:
    return f"{topic} {key}"


def channel_insert(channel: Channel) -> Insert:
    """Write a new channel."""
    return Insert(row(channel))


def channel_replace(stored: StoredChannel, channel: Channel) -> Replace:
    """Replace the channel; conflicts unless the store still has the version that was read."""
    return Replace(replace(row(channel), version=stored.document.version))


def read_channel(document: Document) -> StoredChannel:
    """Return the channel of a document."""
    return StoredChannel(_decoder.decode(document.body), document)


async def by_id(documents: Documents, id_: str) -> StoredChannel | None:
    """Read the channel of a Subscription."""
    document = await documents.get(KIND, id_)
    return None if document is None else read_channel(document)


async def subscription_of(documents: Documents, channel: Channel) -> Document | None:
    """Read the Subscription of a channel, for its next version."""
    return await documents.get("Subscription", channel.id)


async def of_client(documents: Documents, client: str, most: int) -> list[StoredChannel]:
    """Read the channels of a client, at most `most`."""
    rows = await documents.find(Query(KIND, (AnyOf(CLIENT, (client,)),), limit=most))
    return [read_channel(document) for document in rows]


async def due(documents: Documents, now: datetime, limit: int) -> list[StoredChannel]:
    """Read the channels that are due, the longest due first."""
    until = Range(Order.CREATED, None, sortable(now + datetime.resolution))
    rows = await documents.find(Query(KIND, (AnyOf(OPEN, ("yes",)),), (until,), limit=limit))
    return [read_channel(document) for document in rows]


async def selected(documents: Documents, topic: str, keys: Collection[str]) -> list[StoredChannel]:
    """Read the channels of a topic whose first filter has one of the keys."""
    condition = AnyOf(KEY, tuple(_key(topic, key) for key in keys))
    return [read_channel(document) for document in await documents.find(Query(KIND, (condition,), limit=MOST_SELECTED))]
