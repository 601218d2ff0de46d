from __future__ import annotations

from itertools import islice

from app.adapters.pauses import pauses


def test_there_is_one_attempt_without_patience() -> None:
    assert len(list(pauses(-1))) == 1


def test_pauses_grow_to_a_limit_and_differ() -> None:
    first, *_, last = drawn = list(islice(pauses(3600), 20))

    assert first < 0.002
    assert 0.02 < last < 0.08
    assert len(set(drawn)) == 20
