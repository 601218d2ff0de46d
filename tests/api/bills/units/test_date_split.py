"""A bill for days on both sides of the last authorized day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.bills.units.playing import billed, drawn, granted, number_of, serving_units, therapy

SPLIT = "billing: {date-split: {reference: Manual 6.1, from: 2026-01-01}}"


@pytest.mark.scenario("S-24")
@pytest.mark.parametrize(
    ("more", "answer", "used"),
    [
        ("", "paid 0, CO-302 4", 0),
        (SPLIT, "paid 2, CO-302 2", 2),
    ],
)
async def test_a_line_beyond_the_last_day(tmp_path: Path, more: str, answer: str, used: int) -> None:
    async with serving_units(tmp_path, more=more) as server:
        response = await granted(server)
        server.clock.move(days=400)
        [line] = await billed(server, [number_of(response)], therapy(4, "2026-12-30", "2027-01-02"))
        assert line.answer == answer
        assert "N351" in line.remarks
        assert line.amounts == line.submitted
        assert await drawn(server, response) == used
