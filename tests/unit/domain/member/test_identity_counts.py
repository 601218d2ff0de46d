"""Count the contradictions of a client, and withhold the member after too many."""

from __future__ import annotations

from datetime import date

from app.domain.member.identity import MOST_CONTRADICTIONS, Contradicted, counted, is_withheld

TODAY, TOMORROW = date(2026, 1, 1), date(2026, 1, 2)


def after(*bodies: str, client: str = "ehr-a", day: date = TODAY) -> tuple[Contradicted, ...]:
    counts: tuple[Contradicted, ...] = ()
    for body in bodies:
        counts = counted(counts, client, day, body)
    return counts


FULL = after(*map(str, range(MOST_CONTRADICTIONS)))


def test_the_member_is_withheld_once_the_count_is_full() -> None:
    assert not is_withheld((), "ehr-a", TODAY)
    assert not is_withheld(after(*map(str, range(MOST_CONTRADICTIONS - 1))), "ehr-a", TODAY)
    assert is_withheld(FULL, "ehr-a", TODAY)


def test_the_same_body_counts_once() -> None:
    assert after("1", "1", "2", "1") == after("1", "2")


def test_clients_and_days_are_counted_apart() -> None:
    assert not is_withheld(FULL, "ehr-b", TODAY)
    assert not is_withheld(FULL, "ehr-a", TOMORROW)
    both = counted(FULL, "ehr-b", TODAY, "1")
    assert is_withheld(both, "ehr-a", TODAY)
    assert not is_withheld(both, "ehr-b", TODAY)


def test_counts_of_other_days_are_dropped() -> None:
    assert counted(FULL, "ehr-b", TOMORROW, "1") == (Contradicted("ehr-b", TOMORROW, ("1",)),)
