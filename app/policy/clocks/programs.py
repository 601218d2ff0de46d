"""Read the block `programs` of a policy: the program of each plan, and the limits that count for a member."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import AfterValidator

from app.policy.clocks.clocks import Clocks, Limits, Program, State
from app.policy.yaml.model import Codes, Data


class PlanProgram(Data):
    """The program of the payer's plans, and the state whose law counts. Without `plans`, it is that of all others."""

    program: Program
    state: State | None = None
    plans: Codes | None = None


def _one_of_others(programs: Sequence[PlanProgram]) -> Sequence[PlanProgram]:
    if sum(row.plans is None for row in programs) > 1:
        raise ValueError("must have only one row without `plans`")
    named = [plan for row in programs for plan in row.plans or ()]
    if len(named) > len(set(named)):
        raise ValueError("must name each plan once")
    return programs


Programs = Annotated[tuple[PlanProgram, ...], AfterValidator(_one_of_others)]
"""The programs of a payer's plans."""


def limits_of(clocks: Clocks, programs: Programs, plans: Iterable[str]) -> tuple[Limits, ...]:
    """Return the limits that count for a member with these plans; the shortest one limits the decision.

    A member whose program is not known has the limits of all programs of the payer.
    """
    if not programs:
        return (clocks.general,)
    rows = _rows(programs, plans) or programs
    states = (clocks.states[row.state] for row in rows if row.state is not None and row.state in clocks.states)
    return (*(clocks.of_program(row.program) for row in rows), *states, clocks.payer)


def program_of(programs: Programs, plans: Iterable[str]) -> Program | None:
    """Return the program of a member with these plans; None if it is not known, or if the plans have several."""
    known = {row.program for row in _rows(programs, plans)}
    return known.pop() if len(known) == 1 else None


def _rows(programs: Programs, plans: Iterable[str]) -> Sequence[PlanProgram]:
    """Return the rows that name one of the plans; else that of all other plans, if the member has a plan."""
    own = set(plans)
    named = [row for row in programs if row.plans is not None and not row.plans.isdisjoint(own)]
    return named or [row for row in programs if row.plans is None and own]
