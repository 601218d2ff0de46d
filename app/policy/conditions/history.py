"""The condition on the member's earlier requests."""

from __future__ import annotations

from typing import ClassVar, Literal

from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Data


class ActiveAuthorization(Data):
    """The condition that the same service is already granted or pending for the member, in the same days.

    Only a review looks at earlier requests; on a bill it is not known.
    """

    test: Literal["active-authorization"]
    fact: ClassVar[str] = "earlier requests"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return "same service granted or pending already"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether an earlier service repeats."""
        if facts.earlier is None:
            return None
        return any(earlier.repeats(facts.line, facts.day) for earlier in facts.earlier)
