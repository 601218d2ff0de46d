"""Tasks with the same key wait in turn, a cancelled waiter leaves no lock, and a lost attempt is repeated."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.ledger import OutOfBalance
from app.ports import Check, Conflict, StoreUnavailable
from app.workflow.contention import ATTEMPTS, Contention, retried


async def test_turns_on_one_key_come_one_after_the_other() -> None:
    contention = Contention()
    seen: list[str] = []

    async def work(name: str) -> None:
        async with contention.turn(["key", "key"]):
            seen.append(f"{name} begins")
            await asyncio.sleep(0)
            seen.append(f"{name} ends")

    await asyncio.gather(work("first"), work("second"))
    assert seen == ["first begins", "first ends", "second begins", "second ends"]


async def test_keys_in_another_order_do_not_wait_for_each_other_for_ever() -> None:
    contention = Contention()

    async def work(*keys: str) -> None:
        async with contention.turn(keys):
            await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await asyncio.gather(*(work(*keys) for keys in (("a", "b"), ("b", "a"), ("c", "a"), ("b",))))


async def test_a_cancelled_waiter_holds_no_lock() -> None:
    contention = Contention()

    async def wait() -> None:
        async with contention.turn(["a", "b"]):
            pytest.fail("the other has b")

    async with contention.turn(["b"]):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(5), contention.turn(["a", "b"]):
        pass


async def test_work_that_fails_gives_its_turn_back() -> None:
    contention = Contention()
    with pytest.raises(RuntimeError, match="failed"):
        async with contention.turn(["a", "b"]):
            raise RuntimeError("failed")
    async with asyncio.timeout(5), contention.turn(["b", "a"]):
        pass


LOST = (Conflict(Check("kind", "id", 1)), OutOfBalance())


@pytest.mark.parametrize("lost", LOST)
async def test_an_attempt_that_lost_to_another_commit_is_repeated(lost: Exception) -> None:
    outcomes: list[Exception | None] = [lost, lost, None]

    async def attempt() -> str:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome
        return "done"

    assert await retried(attempt) == "done"
    assert outcomes == []


@pytest.mark.parametrize("lost", LOST)
async def test_the_store_is_unavailable_after_the_last_attempt_and_the_reason_is_kept(lost: Exception) -> None:
    attempts = 0

    async def attempt() -> None:
        nonlocal attempts
        attempts += 1
        raise lost

    with pytest.raises(StoreUnavailable) as unavailable:
        await retried(attempt)
    assert (attempts, unavailable.value.__cause__) == (ATTEMPTS, lost)
