"""The numbered notifications of each channel, kept until they are delivered, and for $events."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from app.ports import Document, Documents, Insert, Term

KIND = "notification"
AUTHORIZATION = "authorization"
"""The term by which the notifications about an authorization are found."""

_encoder = msgspec.json.Encoder()


class Notification(Struct, frozen=True):
    """The event `number` of a Subscription: the change of an authorization, which belongs to `owner`.

    `answer` is the whole answer at that time, a Bundle as JSON; empty if the channel wants ids only.
    """

    subscription: str
    number: int
    at: datetime
    authorization: str
    payer: str
    owner: str
    patient: str
    answer: str


_decoder = msgspec.json.Decoder(Notification)


def _id(subscription: str, number: int) -> str:
    return f"{subscription}/{number}"


def notification_insert(notification: Notification) -> Insert:
    """Write a notification. Its row never changes."""
    id_ = _id(notification.subscription, notification.number)
    return Insert(Document(KIND, id_, _encoder.encode(notification).decode(), _terms(notification)))


def recomputed_terms(document: Document) -> tuple[Term, ...]:
    """Compute the terms of a stored notification again, for a new term table."""
    return _terms(_decoder.decode(document.body))


def _terms(notification: Notification) -> tuple[Term, ...]:
    return ((AUTHORIZATION, notification.authorization),)


async def numbered(documents: Documents, subscription: str, first: int, last: int) -> list[Notification]:
    """Read the kept notifications from `first` to `last`, in order."""
    ids = [_id(subscription, number) for number in range(first, last + 1)]
    return [_decoder.decode(row.body) for row in await documents.get_many(KIND, ids)]


def notification_document(subscription: str, number: int) -> Document:
    """Return the key of a kept notification, to delete its row: it has version 1."""
    return Document(KIND, _id(subscription, number), "")
