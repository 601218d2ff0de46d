from __future__ import annotations

from uuid import UUID

from app.adapters.ids import RandomIds


def test_an_id_is_a_lower_case_random_uuid_and_new_each_time() -> None:
    drawn = [RandomIds().new() for _ in range(100)]

    assert len(set(drawn)) == 100
    assert all(str(UUID(id_)) == id_ and UUID(id_).version == 4 for id_ in drawn)


def test_characters_come_from_the_whole_alphabet() -> None:
    drawn = RandomIds().characters(1000, "ABC")

    assert len(drawn) == 1000
    assert set(drawn) == set("ABC")
