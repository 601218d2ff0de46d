"""The budgets of callers: bytes of a body, bytes and requests in progress, requests per second, and turns."""

from __future__ import annotations

from msgspec import Struct, field

from app.access.in_flight import InFlight
from app.access.limiter import Limiter
from app.workflow.turns import Turns


class Budgets(Struct, frozen=True, kw_only=True):
    """The limits of the settings, with the state of this process."""

    max_body_bytes: int
    max_other_body_bytes: int
    in_flight: InFlight
    limiter: Limiter
    turns: Turns = field(default_factory=Turns)
