"""The drugs for which other drugs come first."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.request import RequestedItem
from app.policy.codes.code_sets import CodeSet
from app.policy.facts.gather import line_keys
from app.policy.yaml.model import Text


class StepTherapy(CodeSet):
    """A program of step therapy: its name, and the drugs that come after others."""

    name: Text


def stepped(programs: Sequence[StepTherapy], items: Sequence[RequestedItem]) -> frozenset[str]:
    """Return the numbers of the items with a drug of a program."""
    if not programs:
        return frozenset()
    return frozenset(item.number for item in items if any(program.includes(line_keys(item)) for program in programs))
