"""The limits on the issues of a body, and on those of an answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bills.read_claim import read_claim
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.issues import MOST_NOTED, Issues
from app.fhir.json import write
from app.fhir.outcome import MOST_BYTES, MOST_ISSUES, Fault, FhirError, Issue, outcome
from app.pas.decisions.read_decision import read_decision

MANY = 10 * MOST_NOTED
ITEM = "Claim.item[0].quantity"


def noted(issues: Issues) -> None:
    body = Element({}, issues, "Bundle")
    for number in range(MANY):
        body.note("Wrong.", f"a{number}")


def test_reading_ends_with_one_error_too_many() -> None:
    issues = Issues()
    with pytest.raises(FhirError) as refused:
        noted(issues)
    assert len(issues) == MOST_NOTED
    assert len(refused.value.issues) == MOST_ISSUES
    assert refused.value.fault is Fault.UNPROCESSABLE


def test_surplus_warnings_are_dropped_and_the_reading_goes_on() -> None:
    issues = Issues()
    body = Element({}, issues, "Bundle")
    for number in range(MANY):
        body.note("Odd.", f"a{number}", severity="warning")
    body.missing("entry")
    with pytest.raises(FhirError) as refused:
        issues.warnings()
    assert [issue.severity for issue in refused.value.issues] == ["error", *["warning"] * (MOST_ISSUES - 1)]


def test_the_engine_s_issues_are_in_the_refusal() -> None:
    of_engine = Issue("Wrong.", "Bundle.type")
    with pytest.raises(FhirError) as refused:
        noted(Issues((of_engine,)))
    assert refused.value.issues[0] == of_engine


def together(of_engine: list[Issue], *of_reader: Issue) -> tuple[Issue, ...]:
    issues = Issues(tuple(of_engine))
    issues.extend(of_reader)
    return issues.refusal().issues


def test_an_issue_at_the_place_of_an_equal_or_worse_one_of_the_engine_is_dropped() -> None:
    first = Issue("Wrong.", f"{ITEM}.value")
    assert together([first], Issue("Quite wrong.", ITEM)) == (first,)
    assert together([first], Issue("Odd.", ITEM, severity="warning")) == (first,)
    reference = Issue("A reference.", "Claim.insurer.reference")
    assert together([reference], Issue("No entry.", "Claim.insurer")) == (reference,)


def test_an_issue_that_is_worse_or_elsewhere_is_kept() -> None:
    warned = Issue("Odd.", ITEM, severity="warning")
    wrong, elsewhere = Issue("Wrong.", ITEM), Issue("Wrong.", "Claim.item")
    assert together([warned], wrong, elsewhere) == (wrong, elsewhere, warned)


def test_two_texts_of_two_rules_at_one_place_are_kept() -> None:
    both = Issue("One.", ITEM, diagnostics="a"), Issue("Other.", ITEM, diagnostics="b")
    assert together([*both, Issue("One.", ITEM, diagnostics="c")]) == both


@pytest.mark.parametrize("element", ["item", "insurance", "careTeam", "diagnosis"])
def test_a_bill_full_of_faults_gets_no_more_issues_than_an_answer_shows(element: str) -> None:
    with pytest.raises(FhirError) as refused:
        read_claim(Checked({"resourceType": "Claim", "use": "claim", element: [{}] * MANY}))
    assert 0 < len(refused.value.issues) <= MOST_ISSUES


@pytest.mark.parametrize("part", [False, True])
def test_a_decision_full_of_faults_gets_no_more_issues_than_an_answer_shows(*, part: bool) -> None:
    listed = [{"name": "item", "part": [{}] * MANY}] if part else [{}] * MANY
    with pytest.raises(FhirError) as refused:
        read_decision(Checked({"resourceType": "Parameters", "parameter": listed}))
    assert 0 < len(refused.value.issues) <= MOST_ISSUES


@given(st.lists(st.text(max_size=300), min_size=1, max_size=60), st.integers(1, 400), st.integers(0, 400))
def test_an_outcome_is_never_longer_than_its_bound(texts: list[str], text: int, place: int) -> None:
    issues = [Issue(one * text, one * place or None, diagnostics=one) for one in texts]
    shown = outcome(issues, "invalid")
    assert len(shown["issue"]) <= MOST_ISSUES
    assert shown["issue"] or any(len(issue.expression or "") >= 4000 for issue in issues)
    assert len(write(shown).encode()) <= MOST_BYTES


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    (issue,) = outcome([Issue("x" * 1_000_000)], "invalid")["issue"]
    assert json.dumps(issue).count("x") < MOST_BYTES
