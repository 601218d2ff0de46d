"""What the story is made of: steps that somebody takes, and what each shows."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from app.demo.scene import Scene


class Shown(Struct, frozen=True):
    """What a step found: the payer's decision, the number that came with it, and why."""

    decision: str
    number: str = ""
    reason: str = ""


class Step(Struct, frozen=True):
    """Who does what. `act` does it, and raises Surprise where the answer is not the one it should be."""

    who: str
    what: str
    act: Callable[[Scene], Shown]


class Chapter(Struct, frozen=True):
    """Steps that belong together."""

    title: str
    steps: tuple[Step, ...]
