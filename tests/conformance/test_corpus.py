"""The labeled mutations: each fault is found at its place by its rule, and no valid body is refused."""

from __future__ import annotations

from collections import Counter

import pytest

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.strictness import Level
from app.fhir.outcome import Issue
from tests.conformance.bases import BASES
from tests.conformance.corpus import Case, cases
from tests.conformance.engine import validator
from tests.conformance.oracles import MODELS, NATIVE, complaints
from tests.support.tally import Cells, Record, note

FAULTS = [case for case in cases() if not case.is_control]
CONTROLS = [case for case in cases() if case.is_control]

PARTS = ("base R4", "profiles", "rules on Bundles", "controls")
COLUMNS = ("labeled mutations", "cases", "refused", "at the exact place", f"refused by {NATIVE}", f"by {MODELS}")


@pytest.mark.parametrize("base", BASES)
def test_nothing_is_wrong_with_the_bodies_that_are_changed(base: str) -> None:
    assert validator("2.2.1").validate(BASES[base](), level=Level.STRICT) == ()


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_a_fault_is_found_at_its_place_by_its_rule(case: Case) -> None:
    body = case.body()
    issues = validator("2.2.1").validate(body)
    found = {(one.expression, one.code, (one.diagnostics or "").split()[-1], one.severity) for one in issues}
    assert (case.expression, case.row["code"], case.row["rule"], case.row.get("severity", "error")) in found
    assert not validator("2.2.1").is_valid_fast(body)


@pytest.mark.parametrize("case", CONTROLS, ids=lambda case: case.name)
def test_a_change_that_breaks_no_rule_causes_no_issue(case: Case) -> None:
    assert validator("2.2.1").validate(case.body()) == ()


def test_the_corpus_is_as_large_as_it_claims_to_be() -> None:
    assert len(FAULTS) >= 150
    assert len(CONTROLS) >= 15
    assert [name for name, count in Counter(case.name for case in cases()).items() if count > 1] == []


def test_the_corpus_has_all_parts_and_the_faults_found_are_counted(record_property: Record) -> None:
    counted: dict[Cells, list[int]] = {(part,): [0] * (len(COLUMNS) - 1) for part in PARTS}
    for case in cases():
        body = case.body()
        issues = validator("2.2.1").validate(body)
        found = next((issue for issue in issues if is_the_fault(case, issue)), None)
        others = (bool(said) for said in complaints(body).values())
        for at, one in enumerate((True, bool(issues), found is not None, *others)):
            counted[(part(case, found),)][at] += one
    note(record_property, COLUMNS, counted)
    assert all(cases > 25 for cases, *_ in counted.values())


def is_the_fault(case: Case, issue: Issue) -> bool:
    """Whether an issue names the place of a fault and the rule that it breaks."""
    rule = (issue.diagnostics or "").split()[-1]
    return not case.is_control and (issue.expression, rule) == (case.expression, case.row["rule"])


def part(case: Case, found: Issue | None) -> str:
    """Return the part of the corpus that a case is of: what it is found by."""
    if case.is_control:
        return "controls"
    source = (found.diagnostics or "").split()[0] if found else ""
    return "base R4" if source.startswith(STRUCTURE) else "rules on Bundles" if source == PUBLISHED else "profiles"


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_no_issue_repeats_a_value_of_the_body(case: Case) -> None:
    person = ("Sample", "Alex", "1984-05-17", "M001", "Prefers the morning")
    for issue in validator("2.2.1").validate(case.body()):
        assert not any(word in issue.text or word in (issue.diagnostics or "") for word in person)
