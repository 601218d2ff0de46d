"""Deliver on the channels that are due, several at once, so that a slow endpoint delays no other client."""

from __future__ import annotations

import asyncio
from collections import Counter

from app.log import get_logger
from app.ports import StoreUnavailable
from app.records.subscriptions import channels
from app.subscriptions.channel import Channel
from app.workflow.subscriptions.deliver import deliver, lease
from app.workflow.system import System

MOST_AT_ONCE = 16
MOST_OF_A_CLIENT = 3
PAGE = 200
SECONDS_TO_END = 3.0


class Deliveries:
    """The deliveries under way in this process."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._tasks: set[asyncio.Task[None]] = set()
        self._clients: Counter[str] = Counter()

    async def begin(self) -> bool:
        """Begin the deliveries that are due, as far as there is room. Returns False: it waits for the next ring."""
        system = self._system
        for due in await channels.due(system.documents, system.clock.now(), PAGE):
            if len(self._tasks) >= MOST_AT_ONCE:
                break
            if self._clients[due.channel.client] >= MOST_OF_A_CLIENT:
                continue
            channel = await lease(system, due)
            if channel is not None:
                self._clients[channel.client] += 1
                task = asyncio.create_task(self._deliver(channel))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return False

    async def finish(self) -> None:
        """Wait until no delivery is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def end(self) -> None:
        """Give the running deliveries a moment. Another process takes over the others when their leases end."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=SECONDS_TO_END)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _deliver(self, channel: Channel) -> None:
        try:
            await deliver(self._system, channel)
        except StoreUnavailable:
            pass  # its requests log it; the channel is due again when the lease ends
        except Exception:  # noqa: BLE001 - one channel must not stop the others
            get_logger().error("delivery failed", subscription=channel.id, exc_info=True)
        finally:
            self._clients[channel.client] -= 1
            self._system.hooks.bell.ring()


async def run_once(system: System) -> None:
    """Deliver on all channels that are due now, and wait for the results."""
    deliveries = Deliveries(system)
    await deliveries.begin()
    await deliveries.finish()
