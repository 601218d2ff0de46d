"""Tables are complete: each fault has a status, each setting is in the README."""

from __future__ import annotations

import re
import tomllib

from app.fhir.outcome import ISSUE_CODE, STATUS, Fault, FhirError
from tests.house.code import ROOT
from tests.support.settings_table import settings_table


def test_every_fault_has_a_status_and_no_status_is_left_over() -> None:
    assert set(STATUS) == set(Fault)
    assert all(FhirError(fault).status in range(400, 600) for fault in Fault)


def test_issue_codes_are_given_to_faults_only() -> None:
    assert set(ISSUE_CODE) <= set(Fault)


def test_the_readme_has_the_current_table_of_settings() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    between = re.findall(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", readme, re.DOTALL)
    assert [table.strip() for table in between] == [settings_table()]


def test_the_tests_must_run_nearly_every_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["coverage"]["report"]["fail_under"] >= 95
