"""Repeat an action every few seconds while the server runs, and once more at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.log import get_logger
from app.ports import StoreUnavailable


@asynccontextmanager
async def repeated(action: str, act: Callable[[], Awaitable[None]], seconds: float) -> AsyncIterator[None]:
    """Call `act` every `seconds` while the context is open, and once more at its end. Calls never overlap.

    A failed call is logged under the name of the `action`, except without the store, which each request logs.
    """
    closing = asyncio.Event()
    repeating = asyncio.create_task(_repeat(action, act, seconds, closing))
    try:
        yield
    finally:
        closing.set()
        await repeating


async def _repeat(action: str, act: Callable[[], Awaitable[None]], seconds: float, closing: asyncio.Event) -> None:
    ending = False
    while not ending:
        ending = await _is_set_within(seconds, closing)
        try:
            await act()
        except StoreUnavailable:
            continue
        except Exception:  # noqa: BLE001 - one failure must not end the action for the life of the server
            get_logger().error("action failed", at=action, exc_info=True)


async def _is_set_within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return event.is_set()
