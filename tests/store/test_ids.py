from __future__ import annotations

import time
from uuid import RFC_4122, UUID

from app.adapters.ids import RandomIds


def test_an_id_is_a_lower_case_uuid_and_new_each_time() -> None:
    drawn = [RandomIds().new() for _ in range(1000)]

    assert len(set(drawn)) == 1000
    assert all(str(UUID(id_)) == id_ and (UUID(id_).version, UUID(id_).variant) == (7, RFC_4122) for id_ in drawn)


def test_an_id_that_is_made_later_sorts_behind() -> None:
    first = RandomIds().new()
    made_at = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 == made_at:
        pass

    assert first < RandomIds().new()


def test_every_bit_of_an_id_that_is_not_time_or_version_is_drawn() -> None:
    drawn = [UUID(RandomIds().new()).int for _ in range(1000)]

    random_bits = (0xFFF << 64) | ((1 << 62) - 1)
    seen_set, seen_clear = 0, 0
    for value in drawn:
        seen_set |= value & random_bits
        seen_clear |= ~value & random_bits
    assert seen_set == seen_clear == random_bits


def test_characters_come_from_the_whole_alphabet() -> None:
    drawn = RandomIds().characters(1000, "ABC")

    assert len(drawn) == 1000
    assert set(drawn) == set("ABC")
