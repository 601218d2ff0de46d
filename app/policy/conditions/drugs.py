"""The condition on the drugs that the patient has had before."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.policy.codes.code_sets import CodeSet, service_keys
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts


class DrugsTried(CodeSet):
    """The condition that the request has completed or stopped prescriptions for `at-least` so many of these drugs.

    A request without such prescriptions has none. On a bill it is not known.
    """

    test: Literal["drugs-tried"]
    at_least: Annotated[int, Field(ge=1, le=20)] = 1
    fact: ClassVar[str] = "earlier drugs"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"{self.at_least} of the drugs {listed(self.in_order)} tried before"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether so many different drugs of the list were taken."""
        if facts.request is None:
            return None
        taken = {key for key in service_keys(facts.request.drugs) if self.includes([key])}
        return len(taken) >= self.at_least
