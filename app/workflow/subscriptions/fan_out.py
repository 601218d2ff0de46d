"""Turn each event of the outbox into a numbered notification of every Subscription that it concerns."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from app.access.registry import Organization
from app.audit.access import server_actor
from app.log import get_logger
from app.ports import Conflict, StoreUnavailable
from app.records import authorizations
from app.records.access.registry import find
from app.records.authorizations import Stored
from app.records.subscriptions import channels
from app.records.subscriptions.channels import StoredChannel, organization_key
from app.records.subscriptions.notifications import Notification, notification_document
from app.records.subscriptions.topic_events import WaitingEvent, waiting_events
from app.subscriptions.channel import noted
from app.subscriptions.read_filter import comparable, meets
from app.workflow.changes import Change, ChannelChange
from app.workflow.subscriptions.current_answer import current_answer
from app.workflow.system import System

PAGE = 50
PAUSE_AFTER_FAILURE = timedelta(minutes=1)


async def fan_out(system: System) -> bool:
    """Turn the oldest waiting events into notifications, in order; return whether more may wait.

    Another process may be first with an event; then this one leaves the rest to the next call. An event that cannot be
    turned into notifications waits for a minute, so that it holds no other.
    """
    waiting = await waiting_events(system.documents, system.clock.now(), PAGE)
    for event in waiting:
        try:
            await _numbered(system, event)
        except Conflict:
            return True
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one event must not hold the others
            get_logger().error("event not notified", authorization=event.event.subject, exc_info=True)
            await _postponed(system, event)
    return len(waiting) == PAGE


async def _postponed(system: System, waiting: WaitingEvent) -> None:
    now = system.clock.now()
    with suppress(Conflict):
        await system.commit(server_actor(now), Change(postponed=((waiting.document, now + PAUSE_AFTER_FAILURE),)))


async def _numbered(system: System, waiting: WaitingEvent) -> None:
    """Give the event its number on each channel, in the commit that deletes it."""
    event, now = waiting.event, system.clock.now()
    stored = await authorizations.by_id(system.documents, event.subject)
    concerned = [] if stored is None else await _concerned(system, waiting)
    changes = [] if stored is None or not concerned else await _notifications(system, waiting, stored, concerned)
    actor = server_actor(now)
    await system.commit(actor, Change(deleted=(waiting.document,)), *changes)


async def _concerned(system: System, waiting: WaitingEvent) -> list[StoredChannel]:
    """Return the channels whose filters the event meets; their clients acted for its owner."""
    event = waiting.event
    owner = await find(system.documents, Organization, event.owner)
    registered = () if owner is None else (*owner.npis, *owner.tins, *owner.sender_ids)
    keys = {*event.keys, *map(comparable, registered), organization_key(event.owner)}
    candidates = await channels.selected(system.documents, event.topic, keys)
    return [
        stored
        for stored in candidates
        if event.owner in stored.channel.organizations and meets(stored.channel.request.filters, keys)
    ]


async def _notifications(
    system: System, waiting: WaitingEvent, stored: Stored, concerned: list[StoredChannel]
) -> list[Change]:
    event, authorization, now = waiting.event, stored.authorization, system.clock.now()
    answer = await current_answer(system, authorization, waiting.at)
    changes = []
    for before in concerned:
        after = noted(before.channel, now)
        notification = Notification(
            subscription=after.id,
            number=after.events,
            at=waiting.at,
            authorization=event.subject,
            payer=event.payer,
            owner=event.owner,
            patient=authorization.patient,
            answer=answer,
        )
        forgotten = range(before.channel.oldest, after.oldest)
        changes.append(
            Change(
                channels=(ChannelChange(before, after),),
                notifications=(notification,),
                deleted=tuple(notification_document(after.id, number) for number in forgotten),
            )
        )
    return changes
