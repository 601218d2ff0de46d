"""An action that repeats: never beside itself, not ended by a failure, and once more at the end."""

from __future__ import annotations

import asyncio

from app.ports import StoreUnavailable
from app.workers.periodic import repeated


class Action:
    """Counts its calls, and the calls in progress; fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = self.running = self.most_running = 0

    async def act(self) -> None:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(0.01)
            self.calls += 1
            if self.failures:
                raise self.failures.pop()
        finally:
            self.running -= 1


async def test_a_call_in_progress_ends_before_the_last_one_begins() -> None:
    action = Action()
    async with repeated("test", action.act, 0):
        while not action.running:  # noqa: ASYNC110 - the test waits for the middle of a call
            await asyncio.sleep(0)
        before = action.calls
    assert action.calls == before + 2
    assert action.most_running == 1
    assert not action.running


async def test_a_failure_does_not_end_the_repetition() -> None:
    action = Action(StoreUnavailable("away"), ValueError("a fault"))
    async with repeated("test", action.act, 0):
        await asyncio.sleep(0.1)
        assert action.calls > 2


async def test_an_action_that_is_not_due_yet_happens_at_the_end() -> None:
    action = Action()
    async with repeated("test", action.act, 3600):
        pass
    assert action.calls == 1
