"""One thing that a value must hold to, whatever kind of check it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Family(StrEnum):
    """The families of rules that a level of strictness treats alike."""

    STRUCTURE = "structure"
    INVARIANT = "invariant"
    PROFILE = "profile"
    TERMINOLOGY = "terminology"
    EXTENSION = "extension"
    MODIFIER = "modifier"
    FRAME = "frame"
    NEEDED = "needed"
    CLOSURE = "closure"
    REACH = "reach"
    SEQUENCE = "sequence"
    LINK = "link"
    UPDATE = "update"
    CHANGE = "change"
    GUIDE = "guide"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Rule:
    """A predicate over one value, and what to say where it does not hold. `source` is the profile that asks for it.

    `holds` is asked about values of any JSON type; one that it does not expect may make it raise.
    """

    key: str
    family: Family
    code: str
    text: str
    source: str
    holds: Callable[[Any], object]
