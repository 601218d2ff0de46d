"""Delete a Subscription with its versions, its channel and its notifications."""

from __future__ import annotations

from collections.abc import AsyncIterator

from app.audit.access import Interaction
from app.ports import Document
from app.records import resources
from app.records.subscriptions import channels
from app.records.subscriptions.notifications import notification_document
from app.workflow import served
from app.workflow.call import Answer, Call
from app.workflow.changes import Change, actor_of
from app.workflow.contention import retried
from app.workflow.subscriptions.accesses import access_to
from app.workflow.system import System

NO_CONTENT = 204


async def unsubscribe(system: System, call: Call, id_: str) -> Answer:
    """Delete a Subscription of the client. Waiting notifications are not delivered."""
    return await retried(lambda: _unsubscribe(system, call, id_))


async def _unsubscribe(system: System, call: Call, id_: str) -> Answer:
    document = await resources.read(system.documents, call.reach, "Subscription", id_)
    deleted = [document async for document in _rows(system, document)]
    access = access_to(system, Interaction.DELETE, f"Subscription/{id_}")
    await system.commit(actor_of(call), Change(deleted=tuple(deleted), accesses=(access,)))
    return served.recorded(Answer("", NO_CONTENT))


async def _rows(system: System, document: Document) -> AsyncIterator[Document]:
    yield document
    for version in await resources.past_versions(system.documents, document):
        yield version
    stored = await channels.by_id(system.documents, document.id)
    if stored is not None:
        yield stored.document
        for number in range(stored.channel.oldest, stored.channel.events + 1):
            yield notification_document(document.id, number)
