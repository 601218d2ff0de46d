"""The channel of a Subscription: its state and its counters, and when it is due. Pure.

http://hl7.org/fhir/uv/subscriptions-backport/STU1.1/channels.html#rest-hook
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import Role
from app.subscriptions.read_subscription import SubscriptionRequest

HANDSHAKE_DELAY = timedelta(seconds=1.5)
"""The handshake waits until the client has the answer to its create."""

LEASE = timedelta(seconds=30)
MOST_KEPT = 1_000
"""The newest events of a channel that can be read again by $events."""

PAUSES = (1, 2, 4, 8, 15, 30, 30, 30, 30, 30, 60, 60, 120, 300, 600, 1200, 1800)
"""Seconds before each further attempt. After the last one, the Subscription has the status error."""


class Status(StrEnum):
    """The statuses of a Subscription (http://hl7.org/fhir/R4/valueset-subscription-status.html)."""

    REQUESTED = "requested"
    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


class Channel(Struct, frozen=True, kw_only=True):
    """The delivery of one Subscription. `id` is the Subscription's id, `base` the FHIR base of its notifications.

    `client` owns it, with its `role`; `organizations` are those that the client acted for when it last wrote the
    Subscription, for the staff of payers their `payer_owner`.
    `events`: the number of the newest event. `oldest`: the number of the oldest kept one. `delivered`: the last number
    that the endpoint has taken. `attempts`: failures in a row. `next`: when to try again, or to send a heartbeat.
    `lease`: the id of the delivery under way; no other may begin before `leased_until`. `fault`: the last failure.
    """

    id: str
    client: str
    organizations: tuple[str, ...]
    base: str
    request: SubscriptionRequest
    status: Status
    role: Role = Role.PROVIDER
    events: int = 0
    oldest: int = 1
    delivered: int = 0
    attempts: int = 0
    next: datetime | None = None
    lease: str = ""
    leased_until: datetime | None = None
    fault: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether events wait for their delivery."""
        return self.delivered < self.events

    @property
    def is_waiting(self) -> bool:
        """Whether something is or will be due, and no worker has it."""
        return self.next is not None and self.leased_until is None

    @property
    def due(self) -> datetime | None:
        """When a worker must look at the channel; None: no more."""
        if self.leased_until is not None:
            return self.leased_until
        moments = [moment for moment in (self.next, self._end) if moment is not None]
        return min(moments) if moments else None

    @property
    def _end(self) -> datetime | None:
        return self.request.end if self.status in (Status.REQUESTED, Status.ACTIVE) else None


class Outcome(Struct, frozen=True):
    """The result of a delivery: the last number that the endpoint has taken, and the failure after it, if any."""

    delivered: int
    failure: str = ""


def opened(channel: Channel, now: datetime) -> Channel:
    """Return the channel as its client wrote it: a handshake is due, or nothing if the client turned it off."""
    is_on = channel.request.is_on
    return replace(
        channel,
        status=Status.REQUESTED if is_on else Status.OFF,
        attempts=0,
        next=now + HANDSHAKE_DELAY if is_on else None,
        lease="",
        leased_until=None,
        fault="",
    )


def noted(channel: Channel, now: datetime) -> Channel:
    """Return the channel with one more event; its number is `events`. A channel in error counts on."""
    events = channel.events + 1
    is_idle = channel.status is Status.ACTIVE and not channel.is_pending and channel.attempts == 0
    oldest = max(channel.oldest, events - MOST_KEPT + 1)
    delivered = max(channel.delivered, oldest - 1)
    return replace(channel, events=events, oldest=oldest, delivered=delivered, next=now if is_idle else channel.next)


def leased(channel: Channel, lease: str, now: datetime) -> Channel:
    """Return the channel with a delivery under way."""
    return replace(channel, lease=lease, leased_until=now + LEASE)


def settled(channel: Channel, outcome: Outcome, now: datetime, jitter: float) -> Channel:
    """Return the channel after a delivery. `jitter`, 0 to 1, lengthens the pause by up to a quarter."""
    progressed = outcome.delivered > channel.delivered
    channel = replace(channel, delivered=max(channel.delivered, outcome.delivered), lease="", leased_until=None)
    if not outcome.failure:
        ready = replace(channel, status=Status.ACTIVE, attempts=0, fault="")
        return replace(ready, next=now if ready.is_pending else _next_heartbeat(ready, now))
    attempts = 1 if progressed else channel.attempts + 1
    if attempts > len(PAUSES):
        return closed(channel, Status.ERROR, outcome.failure)
    pause = timedelta(seconds=PAUSES[attempts - 1] * (1 + jitter / 4))
    return replace(channel, attempts=attempts, next=now + pause, fault=outcome.failure)


def closed(channel: Channel, status: Status, fault: str = "") -> Channel:
    """Return the channel without anything due: in error until its client writes it again, or off."""
    return replace(channel, status=status, next=None, lease="", leased_until=None, fault=fault)


def _next_heartbeat(channel: Channel, now: datetime) -> datetime | None:
    period = channel.request.heartbeat
    return None if period is None else now + timedelta(seconds=period)
