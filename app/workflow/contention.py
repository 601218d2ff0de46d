"""Requests for the same key wait in turn in this process, and a commit that loses is tried again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

from app.domain.ledger import OutOfBalance
from app.ports import Conflict, StoreUnavailable

ATTEMPTS = 12
LONGEST_PAUSE = 0.2

Result = TypeVar("Result")


class Contention:
    """Locks by key. They only save work: the store's compare-and-set decides, also between processes."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, keys: Iterable[str]) -> AsyncIterator[None]:
        """Wait until no other task in this process works on any of `keys`. Sorting the keys prevents deadlocks."""
        taken: list[str] = []
        try:
            for key in sorted(set(keys)):
                await self._take(key)
                taken.append(key)
            yield
        finally:
            for key in reversed(taken):
                self._locks[key][0].release()
                self._leave(key)

    async def _take(self, key: str) -> None:
        lock, waiting = self._locks.get(key) or (asyncio.Lock(), 0)
        self._locks[key] = (lock, waiting + 1)
        try:
            await lock.acquire()
        except BaseException:
            self._leave(key)
            raise

    def _leave(self, key: str) -> None:
        lock, waiting = self._locks[key]
        if waiting == 1:
            del self._locks[key]
        else:
            self._locks[key] = (lock, waiting - 1)


async def retried(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Run `attempt` again, after growing jittered pauses, while another commit gets ahead of it.

    A ledger that is out of balance is read again too: another commit may have become visible between the two reads.
    Raises StoreUnavailable after the last attempt.
    """
    lost: Exception | None = None
    for number in range(ATTEMPTS):
        try:
            return await attempt()
        except (Conflict, OutOfBalance) as error:
            lost = error
            await asyncio.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.002 * 2**number)))  # noqa: S311 - jitter, no secret
    raise StoreUnavailable from lost
