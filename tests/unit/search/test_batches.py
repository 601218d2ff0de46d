"""The batches in which the resources of a page are read."""

from __future__ import annotations

import pytest

from app.search.batches import MOST, batches


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (2, [1, 1]), (3, [1, 1, 1]), (9, [1, 1, 2, 4, 1]), (20, [1, 1, 2, 4, 8, 4])]
)
def test_batches_grow_up_to_a_bound_and_leave_nothing_out(count: int, sizes: list[int]) -> None:
    ids = [f"c{number}" for number in range(count)]
    made = list(batches(ids))
    assert [id_ for batch in made for id_ in batch] == ids
    assert [len(batch) for batch in made] == sizes
    assert all(len(batch) <= MOST for batch in made)
