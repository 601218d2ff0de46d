"""The chain of seals shows each removal and each change."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.audit.chain import Fault, Finding, Link, check_events, check_seal, unsealed
from app.audit.seal import Seal, Sealed, digest_of, sealed

AT = "2026-03-01T10:00:00.000000Z"
BODIES = {f"event-{number}": f"body {number}" for number in range(4)}
EVENTS = tuple(Sealed(id_, digest_of(body)) for id_, body in BODIES.items())
FIRST = sealed(None, AT, EVENTS[:2])
SECOND = sealed(FIRST, AT, EVENTS[2:])
THIRD = sealed(SECOND, AT, ())


def checked(*seals: Seal, bodies: dict[str, str] | None = None) -> list[tuple[Fault, str]]:
    return [(finding.fault, finding.subject) for finding in _findings(seals, BODIES if bodies is None else bodies)]


def _findings(seals: tuple[Seal, ...], bodies: dict[str, str]) -> list[Finding]:
    found: list[Finding] = []
    after = Link()
    for seal in seals:
        found += [*check_seal(seal, after), *check_events(seal, bodies)]
        after = Link(seal.number, seal.hash)
    return found


def test_a_whole_chain_has_no_findings() -> None:
    assert checked(FIRST, SECOND, THIRD) == []


def test_a_changed_event_and_a_removed_event_show() -> None:
    assert checked(FIRST, SECOND, bodies={**BODIES, "event-1": "other"}) == [(Fault.CHANGED, "event-1")]
    assert checked(FIRST, SECOND, bodies={key: body for key, body in BODIES.items() if key != "event-1"}) == [
        (Fault.MISSING, "event-1")
    ]


@pytest.mark.parametrize("removed", [0, 1])
def test_a_removed_seal_is_missing(removed: int) -> None:
    seals = [seal for number, seal in enumerate((FIRST, SECOND, THIRD)) if number != removed]
    assert checked(*seals) == [(Fault.MISSING, f"seal {removed + 2}")]


@pytest.mark.parametrize(
    "forged",
    [
        replace(SECOND, events=SECOND.events[:1]),
        replace(SECOND, events=SECOND.events[::-1]),
        replace(SECOND, at="2026-03-01T11:00:00.000000Z"),
    ],
    ids=["fewer events", "another order", "another time"],
)
def test_a_changed_seal_shows(forged: Seal) -> None:
    assert checked(FIRST, forged, THIRD) == [(Fault.CHANGED, "seal 2")]


def test_a_seal_that_was_written_anew_does_not_fit_the_next_one() -> None:
    assert checked(FIRST, sealed(FIRST, AT, SECOND.events[:1]), THIRD) == [(Fault.BROKEN, "seal 3")]


def test_events_without_a_seal_are_reported_once() -> None:
    assert [finding.sentence for finding in unsealed(3, 60)] == ["3 AuditEvents without a seal, older than 60 seconds."]
    assert list(unsealed(0, 60)) == []
