"""The rules of a channel: what is due when, and what a delivery changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from app.codes import PAS_TOPIC
from app.subscriptions.channel import (
    HANDSHAKE_DELAY,
    LEASE,
    MOST_KEPT,
    PAUSES,
    Channel,
    Outcome,
    Status,
    closed,
    leased,
    noted,
    opened,
    settled,
)
from app.subscriptions.read_subscription import SubscriptionRequest

NOW = datetime(2026, 1, 1, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
FAILED = "It failed."


def channel(status: Status = Status.ACTIVE, *, heartbeat: int | None = None, **parts: Any) -> Channel:
    request = SubscriptionRequest(
        topic=PAS_TOPIC,
        filters=(),
        endpoint="https://ehr.example.org/hook",
        payload="application/fhir+json",
        content="full-resource",
        headers=(),
        heartbeat=heartbeat,
        timeout=None,
        end=parts.pop("end", None),
        is_on=parts.pop("is_on", True),
    )
    base = "http://preauth.test/fhir"
    return Channel(
        id="s1", client="ehr-a", organizations=("org-a",), base=base, request=request, status=status, **parts
    )


def test_a_new_channel_waits_for_its_handshake_until_the_client_has_its_answer() -> None:
    new = opened(channel(Status.REQUESTED), NOW)
    assert (new.status, new.due) == (Status.REQUESTED, NOW + HANDSHAKE_DELAY)


def test_a_channel_that_its_client_turns_off_is_never_due() -> None:
    off = opened(channel(is_on=False), NOW)
    assert (off.status, off.due) == (Status.OFF, None)


def test_an_event_on_an_idle_channel_is_due_at_once() -> None:
    first = noted(channel(), NOW)
    assert (first.events, first.is_pending, first.due) == (1, True, NOW)


def test_an_event_on_a_channel_that_waits_to_retry_changes_its_number_only() -> None:
    waiting = channel(events=1, attempts=2, next=LATER)
    assert noted(waiting, NOW) == replace(waiting, events=2)


def test_an_event_before_the_handshake_is_counted_and_waits() -> None:
    new = opened(channel(Status.REQUESTED), NOW)
    assert noted(new, NOW) == replace(new, events=1)


def test_a_channel_in_error_counts_on_and_is_not_due() -> None:
    broken = noted(closed(channel(), Status.ERROR, FAILED), NOW)
    assert (broken.events, broken.due, broken.fault) == (1, None, FAILED)


def test_only_the_newest_events_are_kept() -> None:
    full = channel(Status.ERROR, events=MOST_KEPT)
    after = noted(full, NOW)
    assert (after.events, after.oldest, after.delivered) == (MOST_KEPT + 1, 2, 1)


def test_a_leased_channel_is_due_again_when_the_lease_ends() -> None:
    taken = leased(noted(channel(), NOW), "lease-1", NOW)
    assert (taken.lease, taken.due) == ("lease-1", NOW + LEASE)
    assert noted(taken, NOW).due == NOW + LEASE


def test_a_handshake_that_succeeds_makes_the_channel_active() -> None:
    taken = leased(opened(channel(Status.REQUESTED), NOW), "lease-1", NOW)
    after = settled(taken, Outcome(0), LATER, 0)
    assert (after.status, after.lease, after.due) == (Status.ACTIVE, "", None)


def test_events_that_waited_for_the_handshake_are_due_after_it() -> None:
    taken = noted(leased(opened(channel(Status.REQUESTED), NOW), "lease-1", NOW), NOW)
    assert settled(taken, Outcome(0), LATER, 0).due == LATER


def test_a_heartbeat_is_due_after_its_period_without_a_notification() -> None:
    taken = leased(noted(channel(heartbeat=60), NOW), "lease-1", NOW)
    assert settled(taken, Outcome(1), LATER, 0).due == LATER + timedelta(seconds=60)


def test_pauses_grow_with_each_failure_until_the_channel_is_in_error() -> None:
    failing, pauses = noted(channel(), NOW), list[float]()
    for _ in PAUSES:
        failing = settled(leased(failing, "lease", NOW), Outcome(0, FAILED), NOW, 0)
        assert failing.due is not None
        pauses.append((failing.due - NOW).total_seconds())
    assert pauses == list(PAUSES)
    broken = settled(leased(failing, "lease", NOW), Outcome(0, FAILED), NOW, 0)
    assert (broken.status, broken.due, broken.fault) == (Status.ERROR, None, FAILED)


def test_jitter_lengthens_a_pause_by_at_most_a_quarter() -> None:
    failed = settled(leased(noted(channel(), NOW), "lease", NOW), Outcome(0, FAILED), NOW, 1)
    assert failed.due == NOW + timedelta(seconds=PAUSES[0] * 1.25)


def test_progress_before_a_failure_begins_the_pauses_anew() -> None:
    failing = leased(channel(events=3, attempts=5, next=NOW), "lease", NOW)
    after = settled(failing, Outcome(2, FAILED), NOW, 0)
    assert (after.delivered, after.attempts) == (2, 1)


def test_a_success_ends_the_row_of_failures() -> None:
    after = settled(leased(channel(events=1, attempts=5, fault=FAILED), "lease", NOW), Outcome(1), NOW, 0)
    assert (after.attempts, after.fault, after.status) == (0, "", Status.ACTIVE)


def test_a_channel_is_due_at_its_end() -> None:
    assert channel(end=LATER).due == LATER
    assert closed(channel(end=LATER), Status.ERROR).due is None


def test_a_written_channel_keeps_its_numbers() -> None:
    broken = closed(channel(events=7, delivered=5, oldest=2), Status.ERROR, FAILED)
    again = opened(broken, NOW)
    assert (again.events, again.delivered, again.oldest, again.fault) == (7, 5, 2, "")
