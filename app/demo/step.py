"""The parts of the demo: chapters, steps, and the result that a step shows."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from app.demo.scene import Scene


class Shown(Struct, frozen=True):
    """The result of a step: the payer's decision, the authorization number, and the reason."""

    decision: str
    number: str = ""
    reason: str = ""


class Step(Struct, frozen=True):
    """One action of one actor. `act` performs it; it raises UnexpectedAnswer if the answer differs from the script."""

    actor: str
    action: str
    act: Callable[[Scene], Shown]


class Chapter(Struct, frozen=True):
    """Steps that belong together."""

    title: str
    steps: tuple[Step, ...]
