"""The condition on the modifiers of a line."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from app.policy.codes.possible import possible_modifiers
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data


class ModifierIn(Data):
    """The condition that the line has one of these modifiers. A line without modifiers has none."""

    test: Literal["modifier-in"]
    codes: Annotated[Codes, AfterValidator(possible_modifiers)]
    fact: ClassVar[str] = "modifiers"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"modifier {listed(self.codes)}"

    def holds(self, facts: LineFacts) -> bool:
        """Return whether at least one modifier of the line is listed."""
        return any(modifier.upper() in self.codes for modifier in facts.line.modifiers)
