"""The outbox: a row for each event that subscribers must learn of, written in the commit of the change.

A worker turns the row into numbered notifications, and deletes it in the same commit.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from app.codes import PAS_TOPIC
from app.domain.authorization import Authorization
from app.ports import Document, Documents, Insert
from app.records.waiting.rows import WAITING, waiting_rows
from app.subscriptions.read_filter import comparable
from app.subscriptions.topics import payer_owner

KIND = "topic-event"

_encoder = msgspec.json.Encoder()


class TopicEvent(Struct, frozen=True):
    """An event of a topic. `subject` is the id of the authorization.

    `owner` is the organization that may learn of it, or the `payer_owner` of the payer whose staff may.
    `keys` are the identifiers by which filters select the event, without those that the owner has registered.
    """

    topic: str
    payer: str
    subject: str
    owner: str
    keys: tuple[str, ...]


class WaitingEvent(Struct, frozen=True):
    """An event as read, with its document and the time of the change."""

    event: TopicEvent
    document: Document

    @property
    def at(self) -> datetime:
        """The time of the change."""
        return datetime.fromisoformat(self.document.updated)


def result_available(authorization: Authorization) -> TopicEvent:
    """Return the event that a result given before has changed: `Change.notices` of every such change has it.

    PAS: the topic's trigger `result-available`.
    """
    return topic_event(PAS_TOPIC, authorization)


def topic_event(topic: str, authorization: Authorization) -> TopicEvent:
    """Return an event about an authorization for those who submitted it."""
    requestor = authorization.requestor
    identifiers = (*authorization.sender_ids, *(identifier.value for identifier in requestor.identifiers))
    more = (value for value in (requestor.npi, requestor.tax_id) if value)
    keys = tuple(dict.fromkeys(map(comparable, (*identifiers, *more))))
    return TopicEvent(topic, authorization.payer, authorization.id, authorization.owner, keys)


def payer_event(topic: str, authorization: Authorization) -> TopicEvent:
    """Return an event about an authorization for the staff of its payer."""
    payer = authorization.payer
    return TopicEvent(topic, payer, authorization.id, payer_owner(payer), (comparable(payer),))


def topic_event_insert(id_: str, at: str, event: TopicEvent) -> Insert:
    """Write an event for the worker; `at` is the time of the change, as `sortable` text."""
    return Insert(Document(KIND, id_, _encoder.encode(event).decode(), (WAITING,), at, at))


async def waiting_events(documents: Documents, now: datetime, limit: int) -> list[WaitingEvent]:
    """Read the oldest events that wait."""
    rows = await waiting_rows(documents, KIND, now, limit)
    return [WaitingEvent(msgspec.json.decode(row.body, type=TopicEvent), row) for row in rows]
