"""The program of a member follows from the plans that the policy names."""

from __future__ import annotations

import pytest

from app.policy.clocks.clocks import Program
from app.policy.clocks.programs import PlanProgram, Programs, program_of

QHP = PlanProgram.model_construct(program=Program.QHP, plans=frozenset({"SILVER"}))
CHIP = PlanProgram.model_construct(program=Program.CHIP, plans=frozenset({"KIDS"}))
OTHERS = PlanProgram(program=Program.COMMERCIAL)


@pytest.mark.parametrize(
    ("programs", "plans", "program"),
    [
        ((QHP, OTHERS), ("SILVER",), Program.QHP),
        ((QHP, OTHERS), ("GOLD",), Program.COMMERCIAL),
        ((QHP, OTHERS), (), None),
        ((QHP, CHIP), ("GOLD",), None),
        ((QHP, CHIP), ("SILVER", "KIDS"), None),
        ((), ("SILVER",), None),
    ],
)
def test_a_program_is_known_if_the_plans_have_one(
    programs: Programs, plans: tuple[str, ...], program: Program | None
) -> None:
    assert program_of(programs, plans) == program
