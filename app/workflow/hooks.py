"""The parts that notify subscribers: the sender, the rules of its calls, and the bell that wakes the workers."""

from __future__ import annotations

import asyncio

from msgspec import Struct, field

from app.access.outbound.endpoint import OutboundRules
from app.ports import Notifier


class Bell:
    """Each listener has its own event, which `ring` sets. Without a ring, workers look for work once a second."""

    def __init__(self) -> None:
        self._listeners: list[asyncio.Event] = []

    def listen(self) -> asyncio.Event:
        """Return the event of a new listener."""
        event = asyncio.Event()
        self._listeners.append(event)
        return event

    def ring(self) -> None:
        """Wake all listeners."""
        for event in self._listeners:
            event.set()


class Hooks(Struct, frozen=True, kw_only=True):
    """The way to the rest-hooks of subscribers. Without `has_workers`, another process delivers."""

    notifier: Notifier
    rules: OutboundRules
    bell: Bell = field(default_factory=Bell)
    has_workers: bool = True
