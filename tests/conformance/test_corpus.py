"""The labelled mutations: each fault is found at its place by its rule, and no valid body is refused."""

from __future__ import annotations

from collections import Counter

import pytest

from app.conformance.strictness import Level
from tests.conformance.bases import BASES
from tests.conformance.corpus import Case, cases
from tests.conformance.engine import validator

FAULTS = [case for case in cases() if not case.is_control]
CONTROLS = [case for case in cases() if case.is_control]


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
def test_a_change_that_breaks_no_rule_is_accepted(case: Case) -> None:
    assert validator("2.2.1").validate(case.body()) == ()


def test_the_corpus_is_as_large_as_it_claims_to_be() -> None:
    assert len(FAULTS) >= 150
    assert len(CONTROLS) >= 15
    assert [name for name, count in Counter(case.name for case in cases()).items() if count > 1] == []


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_no_issue_repeats_what_was_sent(case: Case) -> None:
    person = ("Sample", "Alex", "1984-05-17", "M001", "Prefers the morning")
    for issue in validator("2.2.1").validate(case.body()):
        assert not any(word in issue.text or word in (issue.diagnostics or "") for word in person)
