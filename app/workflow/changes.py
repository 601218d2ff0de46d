"""The one writer of changes: every row that a commit stores follows from the values of a `Change`.

A workflow gives the state before, the state after and the actor. It writes no rows itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.access.reach import OWNER, PATIENT, PAYER
from app.audit.access import Access, Actor, Interaction
from app.audit.seal import Seal
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.domain.bill.again import settles
from app.domain.bill.bill import Bill
from app.domain.ledger import LedgerEntry
from app.domain.life.steps import check_life
from app.fhir.instants import sortable
from app.ports import Check, Delete, Document, Ids, Insert, Replace, Term, Write
from app.records.audit.events import Entry, audit_inserts
from app.records.audit.seals import OpenRow, seal_writes
from app.records.authorizations import Stored, authorization_insert, authorization_replace, number_insert
from app.records.billed import Billed, billed_write
from app.records.bills.bills import StoredBill, bill_write
from app.records.conditions import StoredCondition, condition_write
from app.records.evidence.contents import Content, content_write
from app.records.evidence.held import Held, held_insert
from app.records.ledger import entry_insert
from app.records.members import MemberRecord, StoredMember, member_delete, member_insert, member_replace
from app.records.replays import Replay, replay_insert
from app.records.resources import Version
from app.records.submissions import Submission, submission_insert
from app.records.subscriptions.channels import StoredChannel, channel_insert, channel_replace
from app.records.subscriptions.notifications import Notification, notification_insert
from app.records.subscriptions.topic_events import TopicEvent, topic_event_insert
from app.records.trail import Event, event_insert, review_event
from app.records.views.responses import drawn_version
from app.records.waiting.due import due_insert
from app.records.waiting.reopened import reopened_insert
from app.records.waiting.rows import postponed_replace
from app.records.worklist.tasks import task_version
from app.subscriptions.channel import Channel
from app.workflow.call import Call

_OPERATIONS = {"update": "submit"}
"""The FHIR operation of an act, if its name differs."""


class AuthorizationChange(Struct, frozen=True):
    """An authorization before the change, as read (None for a new request), and after it.

    `task` is its Task on the worklist, as read. A change of pended items must give it, if it is stored. `response` is
    its ClaimResponse, as read. A change of units must give it, unless `Change.served` has the next version.
    """

    before: Stored | None
    after: Authorization
    task: Document | None = None
    response: Document | None = None


class MemberChange(Struct, frozen=True):
    """A member's record before the change, as read (None for a new member), and after it."""

    before: StoredMember | None
    after: MemberRecord


class BillChange(Struct, frozen=True):
    """The record of a billing claim before the change, as read (None for a new claim), and after it."""

    before: StoredBill | None
    after: Bill


class ChannelChange(Struct, frozen=True):
    """A channel before the change, as read (None for a new Subscription), and after it."""

    before: StoredChannel | None
    after: Channel


class Change(Struct, frozen=True, kw_only=True):
    """The changes of one act to the payer's records.

    `served` are new resources and new versions. `widened` are served documents with one more reader. `billed`, `replay`
    and `condition` let only one of several equal requests commit. `accesses` become AuditEvents. `notices` are the
    events that subscribers must learn of; a worker turns them into `notifications` of `channels`. `postponed` are rows
    whose work has failed. `contents` are attached documents, `held` those without a request yet. `deleted` are rows
    that the act removes. `unchanged` are rows on which the act stands; another commit must not have written them. A new
    kind of row is a field here and a line in `_rows`.
    """

    authorizations: tuple[AuthorizationChange, ...] = ()
    served: tuple[Version, ...] = ()
    widened: tuple[Document, ...] = ()
    members: tuple[MemberChange, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    submission: Submission | None = None
    events: tuple[Event, ...] = ()
    accesses: tuple[Access, ...] = ()
    bills: tuple[BillChange, ...] = ()
    billed: tuple[Billed, ...] = ()
    replay: Replay | None = None
    condition: StoredCondition | None = None
    notices: tuple[TopicEvent, ...] = ()
    postponed: tuple[tuple[Document, datetime], ...] = ()
    channels: tuple[ChannelChange, ...] = ()
    notifications: tuple[Notification, ...] = ()
    contents: tuple[Content, ...] = ()
    held: tuple[Held, ...] = ()
    deleted: tuple[Document, ...] = ()
    unchanged: tuple[Document, ...] = ()

    @property
    def gives_work(self) -> bool:
        """Whether a worker has something to do after the commit."""
        reopens = any(
            change.before is not None and settles(change.before.authorization, change.after)
            for change in self.authorizations
        )
        return bool(self.notices) or reopens or any(change.after.is_waiting for change in self.channels)


def reviewed_change(
    action: str,
    before: Stored | None,
    after: Authorization,
    served: tuple[Version, ...],
    *,
    task: Document | None = None,
    submission: Submission | None = None,
    replay: Replay | None = None,
    detail: dict[str, Any] | None = None,
    notices: tuple[TopicEvent, ...] = (),
) -> Change:
    """Return the change of one authorization by an act on it, with its event and its access.

    `task` is the Task of the request on the worklist, as read. `detail` is what the event says beside the decisions.
    `notices` has `result_available(after)` if the submitter does not get the result as the answer to this call.
    """
    access = Access(
        interaction=Interaction.CREATE if before is None else Interaction.UPDATE,
        payers=(after.payer,),
        patient=after.patient,
        resources=(f"ClaimResponse/{after.id}", *((f"Claim/{after.claim}",) if after.has_claim else ())),
        operation=f"${_OPERATIONS.get(action, action)}",
    )
    return Change(
        authorizations=(AuthorizationChange(before, after, task),),
        served=served,
        submission=submission,
        events=(review_event(action, None if before is None else before.authorization, after, detail or {}),),
        accesses=(access,),
        replay=replay,
        notices=notices,
    )


def readers(payer: str, owner: str, patient: str) -> tuple[Term, ...]:
    """Return the terms of a Claim's and its ClaimResponse's readers: payer, submitting organization and patient."""
    return ((PAYER, payer), (OWNER, owner), (PATIENT, patient))


def actor_of(call: Call) -> Actor:
    """Return the client that acts in the call, and the time of the act."""
    grant, organization = call.grant, call.submitter or call.grant.organization
    return Actor(sortable(call.now), grant.client, organization, grant.role, grant.user, grant.token, call.origin)


def rows(actor: Actor, ids: Ids, *changes: Change) -> list[Write]:
    """Return all rows of the changes, for one commit, with the AuditEvents of their accesses."""
    writes = [write for change in changes for write in _rows(actor, ids, change)]
    accesses = [(actor, access) for change in changes for access in change.accesses]
    return [*writes, *audit_inserts(ids, accesses)]


def audit_rows(ids: Ids, entries: Sequence[Entry]) -> list[Write]:
    """Return the rows of AuditEvents that belong to no change."""
    return list(audit_inserts(ids, entries))


def seal_rows(seal: Seal, opened: Sequence[OpenRow]) -> list[Write]:
    """Return the rows that put events under a seal."""
    return list(seal_writes(seal, opened))


def _rows(actor: Actor, ids: Ids, change: Change) -> Iterator[Write]:
    if change.submission is not None:
        yield submission_insert(change.submission)
    for version in change.served:
        yield from version_rows(version)
    yield from map(Replace, change.widened)
    served = {version.document.id for version in change.served}
    for authorization in change.authorizations:
        yield from _authorization_rows(authorization, attended=actor.client is not None)
        if authorization.after.id not in served:
            yield from _drawn_rows(authorization)
    for member in change.members:
        yield from _member_rows(member.before, member.after)
    yield from map(entry_insert, change.entries)
    yield from (event_insert(ids.new(), actor, event) for event in change.events)
    yield from (bill_write(bill.before, bill.after) for bill in change.bills)
    yield from map(billed_write, change.billed)
    if change.replay is not None:
        yield replay_insert(change.replay)
    if change.condition is not None:
        yield condition_write(change.condition)
    yield from (topic_event_insert(ids.new(), actor.at, notice) for notice in change.notices)
    yield from (postponed_replace(row, until) for row, until in change.postponed)
    yield from map(_channel_write, change.channels)
    yield from map(notification_insert, change.notifications)
    yield from map(content_write, change.contents)
    yield from map(held_insert, change.held)
    yield from (Delete(document.kind, document.id, document.version) for document in change.deleted)
    yield from (Check(document.kind, document.id, document.version) for document in change.unchanged)


def _channel_write(change: ChannelChange) -> Write:
    return channel_insert(change.after) if change.before is None else channel_replace(change.before, change.after)


def version_rows(version: Version) -> Iterator[Write]:
    """Write a new resource, or the next version and the version before it as history."""
    if version.past is None:
        yield Insert(version.document)
    else:
        yield Replace(version.document)
        yield Insert(version.past)


def _authorization_rows(change: AuthorizationChange, *, attended: bool) -> Iterator[Write]:
    """Write the record, its new numbers, its Task if the pended items change, and the row of its next due act.

    Numbers stay reserved. Raises IllegalStep if the life of a request has no such step.
    """
    stored, after = change.before, change.after
    before = None if stored is None else stored.authorization
    check_life(before, after, attended=attended)
    yield authorization_insert(after) if stored is None else authorization_replace(stored, after)
    for number in sorted(_numbers(after) - _numbers(before)):
        yield number_insert(after.payer, number, after.id)
    task = task_version(before, after, change.task)
    if task is not None:
        yield from version_rows(task)
    yield from filter(None, (due_insert(stored, after), reopened_insert(stored, after)))


def _drawn_rows(change: AuthorizationChange) -> Iterator[Write]:
    """Write the next version of the ClaimResponse, if the units of an item change and the act writes no version."""
    if change.before is None:
        return
    version = drawn_version(change.before.authorization, change.after, change.response)
    if version is not None:
        yield from version_rows(version)


def _numbers(authorization: Authorization | None) -> set[str]:
    if authorization is None:
        return set()
    numbers = {canonical(number) for number in (*authorization.numbers, *authorization.references)}
    appealed = authorization.appealed
    return numbers if appealed is None else {*numbers, appealed.reservation}


def _member_rows(before: StoredMember | None, after: MemberRecord) -> Iterator[Write]:
    """Write the record of a member. A record with a new member id replaces the record under the former id."""
    if before is None:
        yield member_insert(after)
    elif after.member_id != before.record.member_id:
        yield member_delete(before)
        yield member_insert(after)
    elif after != before.record:
        yield member_replace(before, after)
