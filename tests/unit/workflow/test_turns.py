"""A client has a few requests in work while another client is active, and its others begin in order."""

from __future__ import annotations

import asyncio

import pytest

from app.workflow.turns import ACTIVE_FOR, SHARE, Turns

NOW = 1_800_000_000.0


class Work:
    """Requests that work until the test ends them; `begun` names them in the order in which they began."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.begun: list[str] = []

    async def ask(self, client: str, count: int, now: float = NOW) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self._begin(client, number, now)) for number in range(count)]
        await asyncio.sleep(0)
        return tasks

    async def end(self, client: str, now: float = NOW) -> None:
        self.turns.end(client, now)
        await asyncio.sleep(0)

    async def _begin(self, client: str, number: int, now: float) -> None:
        await self.turns.begin(client, now)
        self.begun.append(f"{client}{number}")


async def test_a_client_alone_never_waits() -> None:
    work = Work()
    await work.ask("a", 50)
    assert len(work.begun) == 50


async def test_a_noisy_client_has_its_share_beside_another_and_its_rest_begins_in_order() -> None:
    work = Work()
    await work.ask("b", 1)
    await work.ask("a", SHARE + 3)
    assert work.begun == ["b0", *(f"a{number}" for number in range(SHARE))]
    await work.ask("b", 1)
    await work.end("a")
    await work.end("a")
    assert work.begun[SHARE + 1 :] == ["b0", f"a{SHARE}", f"a{SHARE + 1}"]


async def test_two_noisy_clients_take_turns() -> None:
    work = Work()
    await work.ask("a", SHARE)
    await work.ask("b", SHARE + 2)
    await work.ask("a", 2)
    for client in "abab":
        await work.end(client)
    assert work.begun[2 * SHARE :] == ["a0", f"b{SHARE}", "a1", f"b{SHARE + 1}"]


async def test_all_that_wait_begin_when_the_other_client_is_no_longer_active() -> None:
    work = Work()
    await work.ask("b", 1)
    await work.ask("a", SHARE + 5)
    await work.end("a", NOW + ACTIVE_FOR)
    assert len(work.begun) == 1 + SHARE + 5


@pytest.mark.parametrize("had_begun", [False, True])
async def test_a_request_that_is_cancelled_gives_its_turn_to_the_next(had_begun: bool) -> None:
    work = Work()
    await work.ask("b", 1)
    await work.ask("a", SHARE)
    first, _ = await work.ask("a", 2)
    if had_begun:
        work.turns.end("a", NOW)
    first.cancel()
    await asyncio.sleep(0)
    if not had_begun:
        work.turns.end("a", NOW)
    await asyncio.sleep(0)
    assert work.begun[SHARE + 1 :] == ["a1"]


async def test_ended_clients_are_forgotten() -> None:
    work = Work()
    await work.ask("b", 1)
    await work.ask("a", SHARE + 1)
    for client in (*"a" * (SHARE + 1), "b"):
        await work.end(client)
    assert (work.turns._working, work.turns._waiting) == ({}, {})
