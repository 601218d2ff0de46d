from __future__ import annotations

import pytest

from app.conformance.checks.rule import Family
from app.conformance.strictness import SEVERITY, Level, severity

ORDER = {"error": 2, "warning": 1, None: 0}


def test_each_family_has_a_row() -> None:
    assert set(SEVERITY) == set(Family)


@pytest.mark.parametrize("family", Family)
def test_a_stricter_level_is_never_milder(family: Family) -> None:
    said = [ORDER[severity(level, family)] for level in (Level.STRICT, Level.STANDARD, Level.LENIENT)]
    assert said == sorted(said, reverse=True)


def test_faults_of_r4_and_unknown_modifiers_are_errors_at_every_level() -> None:
    for family in (Family.STRUCTURE, Family.MODIFIER, Family.FRAME, Family.NEEDED):
        assert {severity(level, family) for level in Level} == {"error"}
