"""The state of a store, as an operator needs to know it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class State(Struct, frozen=True):
    """The schema, whether a start would change it, how commits last, the newest record and the store's own clock.

    `time` is None for a store on the server's machine.
    """

    schema: int
    is_current: bool
    durable: bool
    durability: str
    newest: datetime | None = None
    time: datetime | None = None
