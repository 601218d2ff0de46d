"""A bill with several authorization numbers uses up the oldest before the next, and pays all units that they have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.bills.units.playing import billed, drawn, granted, number_of, serving_units, therapy
from tests.support.samples import Json
from tests.support.server import Server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving_units(tmp_path) as running:
        yield running


async def two(server: Server, first: int, second: int) -> tuple[Json, Json]:
    older = await granted(server, first, name="OLDER")
    server.clock.move(days=1)
    return older, await granted(server, second, name="NEWER")


@pytest.mark.scenario("S-46")
@pytest.mark.parametrize("oldest_named_first", [True, False])
async def test_one_line_draws_on_both_authorizations_oldest_first(server: Server, oldest_named_first: bool) -> None:
    older, newer = await two(server, 8, 6)
    numbers = [number_of(older), number_of(newer)]
    [line] = await billed(server, numbers if oldest_named_first else numbers[::-1], therapy(10))
    assert (line.answer, line.draws) == ("paid 10", ("8, left 0", "2, left 4"))
    assert line.amounts == line.submitted
    assert line.notes[-1] == "Units left in all authorizations of this line: 4."
    assert [await drawn(server, older), await drawn(server, newer)] == [8, 2]


async def test_a_line_that_fits_both_together_is_paid_in_full(server: Server) -> None:
    older, newer = await two(server, 3, 6)
    [line] = await billed(server, [number_of(older), number_of(newer)], therapy(7))
    assert (line.answer, line.draws) == ("paid 7", ("3, left 0", "4, left 2"))


async def test_a_line_is_cut_where_all_authorizations_are_used_up(server: Server) -> None:
    older, newer = await two(server, 3, 3)
    [line] = await billed(server, [number_of(older), number_of(newer)], therapy(7))
    assert (line.answer, line.draws) == ("paid 6, CO-198 1", ("3, left 0", "3, left 0"))
    assert line.amounts == line.submitted


async def test_the_next_line_goes_on_where_the_line_before_ended(server: Server) -> None:
    older, newer = await two(server, 3, 6)
    lines = await billed(server, [number_of(older), number_of(newer)], therapy(2), therapy(4, "2026-03-03", sequence=2))
    assert [line.draws for line in lines] == [("2, left 1",), ("1, left 0", "3, left 3")]


async def test_later_bills_draw_on_the_units_that_earlier_bills_left(server: Server) -> None:
    older, newer = await two(server, 5, 4)
    numbers = [number_of(older), number_of(newer)]
    answers = [await billed(server, numbers, therapy(units, f"2026-03-0{units}")) for units in (6, 2, 3)]
    assert [line.answer for [line] in answers] == ["paid 6", "paid 2", "paid 1, CO-198 2"]
    assert await drawn(server, older) + await drawn(server, newer) == 9
