"""What the story is made of: steps that somebody takes, and what each shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.demo.scene import Scene


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step found: the payer's decision, the number that came with it, and why."""

    decision: str
    number: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what. `act` does it, and raises Surprise where the answer is not the one it should be."""

    who: str
    what: str
    act: Callable[[Scene], Shown]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Steps that belong together."""

    title: str
    steps: tuple[Step, ...]
