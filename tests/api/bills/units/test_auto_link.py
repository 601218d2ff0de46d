"""A bill without a number draws on an authorization on file only if the payer's policy links it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.policy.policy_text import parse_policy
from app.policy.yaml.text import YamlRefused
from tests.api.bills.units.playing import POLICY, billed, drawn, granted, number_of, serving_units, therapy
from tests.policies.builders import TABLES

UNIQUE, FIFO = "billing: {auto-link: unique}", "billing: {auto-link: fifo}"


@pytest.mark.scenario("S-03")
@pytest.mark.parametrize("more", ["", "billing: {auto-link: off}"])
async def test_no_authorization_is_linked_by_default(tmp_path: Path, more: str) -> None:
    async with serving_units(tmp_path, more=more) as server:
        response = await granted(server)
        [line] = await billed(server, [], therapy(4))
        assert (line.answer, line.remarks, line.draws) == ("paid 0, CO-16 4", ("M62",), ())
        assert await drawn(server, response) == 0


@pytest.mark.scenario("S-04")
@pytest.mark.parametrize("more", [UNIQUE, FIFO])
async def test_the_only_matching_authorization_is_linked(tmp_path: Path, more: str) -> None:
    async with serving_units(tmp_path, more=more) as server:
        response = await granted(server)
        [line] = await billed(server, [], therapy(4))
        assert (line.answer, line.draws) == ("paid 4", ("4, left 8",))
        number = number_of(response)
        assert f"The payer linked it to {number} automatically." in line.notes[-1]
        assert await drawn(server, response) == 4


async def test_of_two_authorizations_none_is_the_unique_one(tmp_path: Path) -> None:
    async with serving_units(tmp_path, more=UNIQUE) as server:
        await granted(server, 3, name="OLDER")
        await granted(server, 6, name="NEWER")
        [line] = await billed(server, [], therapy(4))
        assert line.answer == "paid 0, CO-16 4"


async def test_of_two_authorizations_the_oldest_is_linked_first(tmp_path: Path) -> None:
    async with serving_units(tmp_path, more=FIFO) as server:
        await granted(server, 3, name="OLDER")
        server.clock.move(days=1)
        await granted(server, 6, name="NEWER")
        [line] = await billed(server, [], therapy(4))
        assert (line.answer, line.draws) == ("paid 4", ("3, left 0", "1, left 5"))


async def test_a_line_with_more_units_than_are_left_is_cut(tmp_path: Path) -> None:
    async with serving_units(tmp_path, more=UNIQUE) as server:
        await granted(server, 3)
        [first] = await billed(server, [], therapy(4))
        [second] = await billed(server, [], therapy(1, "2026-03-03"))
        assert [first.answer, second.answer] == ["paid 3, CO-198 1", "paid 0, CO-197 1"]


async def test_an_unknown_number_is_not_replaced_by_a_link(tmp_path: Path) -> None:
    async with serving_units(tmp_path, more=FIFO) as server:
        response = await granted(server)
        [line] = await billed(server, ["PA260000030"], therapy(4))
        assert line.answer == "paid 0, CO-197 4"
        assert await drawn(server, response) == 0


async def test_a_mismatch_is_not_linked(tmp_path: Path) -> None:
    async with serving_units(tmp_path, more=FIFO) as server:
        response = await granted(server)
        [line] = await billed(server, [], therapy(4, "2027-01-05"))
        assert await drawn(server, response) == 0
        assert line.draws == ()


async def test_a_foreign_biller_is_not_linked(tmp_path: Path) -> None:
    async with serving_units(tmp_path, more=FIFO) as server:
        response = await granted(server)
        [line] = await billed(server, [], therapy(4), client="ehr-b", provider="1444444446")
        assert (line.answer, line.draws) == ("paid 0, CO-197 4", ())
        assert await drawn(server, response) == 0


async def test_a_cap_counts_where_the_payer_links(tmp_path: Path) -> None:
    async with serving_units(tmp_path, ", cap: {units: 3, per: week}", more=UNIQUE) as server:
        await granted(server, 20)
        answers = [await billed(server, [], therapy(2, day)) for day in ("2026-03-02", "2026-03-03")]
        assert [line.answer for [line] in answers] == ["paid 2", "paid 1, CO-198 1"]


def test_another_word_is_refused_with_its_line() -> None:
    with pytest.raises(YamlRefused, match=r"test\.yaml:\d+: `auto-link` must be"):
        parse_policy(f"{POLICY.replace(' THEN', '')}billing: {{auto-link: always}}\n", "test.yaml", TABLES)
