"""Hash and compare secrets on two threads of their own: each call takes 32 MiB, and a processor for some 50 ms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

_threads = ThreadPoolExecutor(2, "scrypt")


async def on_hashing_thread(function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    """Call a function of `access.smart.secret`; when both threads are taken, wait for one."""
    return await asyncio.get_running_loop().run_in_executor(_threads, function, *arguments)
