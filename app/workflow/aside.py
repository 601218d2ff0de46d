"""Work on large bodies runs on a thread, so that the event loop stays free for the small bodies of others."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar, TypeVarTuple

from app.workflow.contention import Contention

LARGE = 32 * 1024
"""Bytes of a body that takes longer to work on than handing it to a thread does: some milliseconds."""

_TURN = 0.001
"""Seconds after which the thread lets the event loop have the interpreter; a small request needs several turns."""

_SLOW = 0.005
"""Seconds of processor time of work that is too long for the event loop: several times those of an ordinary submit."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Aside:
    """Two threads, one for large bodies and one for slow small ones; more would only wait for the interpreter.

    A client has one piece of work on a large body at a time. The work of others comes before its next one. A client
    whose last small piece was slow has the next one done on the second thread: many connections could send small
    bodies that cost much, and a small piece must not wait for large ones.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "aside")
        self._thread_of_small = ThreadPoolExecutor(1, "aside-small")
        self._turns = Contention()
        self._slow: set[str] = set()

    async def run(
        self, size: int, client: str, function: Callable[[*Arguments], Result], *arguments: *Arguments
    ) -> Result:
        """Call a function that does work on a body of `size` bytes: on the thread if it is large, or may be slow.

        The function must not touch the store or the event loop.
        """
        if size >= LARGE:
            async with self._turns.turn([client]):
                return await asyncio.get_running_loop().run_in_executor(self._thread, _called, function, *arguments)
        if client in self._slow:
            work = partial(self._timed, client, function, *arguments)
            return await asyncio.get_running_loop().run_in_executor(self._thread_of_small, work)
        return self._timed(client, function, *arguments)

    def _timed(self, client: str, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """Call a function, and remember whether the last small piece of the client was slow."""
        started = time.thread_time()
        try:
            return function(*arguments)
        finally:
            if time.thread_time() - started > _SLOW:
                self._slow.add(client)
            else:
                self._slow.discard(client)

    def close(self) -> None:
        """Finish the work under way and end the threads."""
        for thread in (self._thread, self._thread_of_small):
            thread.shutdown(cancel_futures=True)


def _called(function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    """Call a function that gives way to other threads more often than usual, and without garbage collections.

    The collector would go through all values of the body several times, and nothing else could run meanwhile.
    """
    usual, collects = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(_TURN)
    gc.disable()
    try:
        return function(*arguments)
    finally:
        if collects:
            gc.enable()
        sys.setswitchinterval(usual)
