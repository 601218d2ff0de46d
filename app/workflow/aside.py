"""Work on large bodies runs on a thread, so that the event loop stays free for the small bodies of other clients."""

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
"""Bytes from which work on a body takes some milliseconds, longer than handing it to a thread."""

_TURN = 0.001
"""Seconds after which the thread gives the interpreter to the event loop; a small request needs several turns."""

_SLOW = 0.005
"""Seconds of processor time that are too long for the event loop: several times those of an ordinary submit."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Aside:
    """Two threads: one for large bodies, one for slow small bodies. More would only wait for the interpreter.

    Each client has one large body in work at a time; the other clients' bodies come before its next one. If a client's
    last small body was slow, its next one goes to the second thread: many connections could send costly small bodies,
    and small bodies must not wait for large ones.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "aside")
        self._thread_of_small = ThreadPoolExecutor(1, "aside-small")
        self._turns = Contention()
        self._slow: set[str] = set()

    async def run(
        self, size: int, client: str, function: Callable[[*Arguments], Result], *arguments: *Arguments
    ) -> Result:
        """Call a function on a body of `size` bytes: on a thread if the body is large or the client's last was slow.

        The function must not use the store or the event loop.
        """
        if size >= LARGE:
            async with self._turns.turn([client]):
                return await asyncio.get_running_loop().run_in_executor(self._thread, _called, function, *arguments)
        if client in self._slow:
            work = partial(self._timed, client, function, *arguments)
            return await asyncio.get_running_loop().run_in_executor(self._thread_of_small, work)
        return self._timed(client, function, *arguments)

    def _timed(self, client: str, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """Call a function, and remember whether it was slow for this client."""
        started = time.thread_time()
        try:
            return function(*arguments)
        finally:
            if time.thread_time() - started > _SLOW:
                self._slow.add(client)
            else:
                self._slow.discard(client)

    def close(self) -> None:
        """Finish the running work and end the threads."""
        for thread in (self._thread, self._thread_of_small):
            thread.shutdown(cancel_futures=True)


def _called(function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    """Call a function with shorter turns of the interpreter and without garbage collection.

    The collector would visit all values of the body several times and block every other thread meanwhile.
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
