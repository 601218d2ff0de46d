"""The decision of a rule as the provider needs it: criterion, appeal, and the documents that are still missing."""

from __future__ import annotations

from datetime import date

import pytest

from app.codes import LOINC
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.notice import AppealRight, AskedDocument, Criterion
from app.policy.actions import Pend
from app.policy.policy_text import parse_policy
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import DAY, TABLES, item_of, policy_of, policy_text, request_of, reviewed, rule

NOTE, PLAN = AskedDocument("11506-3", "Progress note"), AskedDocument("18776-5", "Plan of care")
ASKING = (
    '{action: pend, reason: medical-necessity, ask-for: [{loinc: "11506-3", name: Progress note}, '
    '{loinc: "18776-5", name: Plan of care}]}'
)


@pytest.mark.parametrize(
    ("attached", "missing", "received"),
    [
        ([], (NOTE, PLAN), ()),
        ([(LOINC, "11506-3")], (PLAN,), (NOTE,)),
        ([(LOINC, "18776-5"), (LOINC, "11506-3")], (), (NOTE, PLAN)),
        ([("urn:other", "11506-3"), (LOINC, "57833-6")], (NOTE, PLAN), ()),
    ],
)
def test_a_pend_requests_no_document_that_is_attached(
    attached: list[tuple[str, str]], missing: tuple[AskedDocument, ...], received: tuple[AskedDocument, ...]
) -> None:
    documents = tuple(Coding(system, code) for system, code in attached)
    (decision,) = reviewed(request_of(documents=documents, has_documents=True), policy_of(rule(ASKING)), DAY)
    assert (decision.ask_for, decision.received) == (missing, received)


@pytest.mark.parametrize(
    ("then", "action"),
    [
        ("{action: deny, reason: not-covered}", ReviewAction.NOT_CERTIFIED),
        ("{action: partly-certify, for: P1Y, quantity: 1, reason: quantity-exceeded}", ReviewAction.MODIFIED),
    ],
)
def test_a_denial_has_its_criterion_and_the_last_day_to_appeal(then: str, action: ReviewAction) -> None:
    (decision,) = reviewed(request_of(item_of()), policy_of(rule(then)), DAY)
    assert decision.action is action
    assert decision.criterion == Criterion("T", "R")
    # The first of sixty days is the day after the decision of 2026-03-02.
    assert decision.appeal == AppealRight(date(2026, 5, 1), "Write to us.")


def test_a_pended_item_has_its_criterion_for_the_reviewer_and_no_appeal_yet() -> None:
    (decision,) = reviewed(request_of(), policy_of(rule("{action: pend, reason: level-of-care}")), DAY)
    assert (decision.criterion, decision.appeal) == (Criterion("T", "R"), None)


def test_a_certified_item_needs_neither() -> None:
    (decision,) = reviewed(request_of(), policy_of(), DAY)
    assert (decision.criterion, decision.appeal) == (None, None)


@pytest.mark.parametrize(
    ("appeal", "problem"),
    [
        ("{how: Write., source: S}", "`within` is required."),
        ("{within: P60D, source: S}", "`how` is required."),
        ("{within: P60D, how: Write.}", "`source` is required."),
        ("{within: 60 days, how: Write., source: S}", "`within` must be an ISO 8601 period such as P60D, P12W or P6M."),
        ("{within: P60D, how: Write, source: S}", "`how` must be sentences with a period at the end."),
        (
            "{within: P60D, how: Write., expedited: Call, source: S}",
            "`expedited` must be sentences with a period at the end.",
        ),
        (
            "{within: P60D, how: Write., source: S, phone: X}",
            "`phone` is an unknown key. Known keys: within, how, expedited, source.",
        ),
        ("yes", "`appeal` must be keys with values."),
    ],
)
def test_an_invalid_appeal_is_refused_with_its_line(appeal: str, problem: str) -> None:
    text = policy_text().replace("{within: P60D, how: Write to us., source: S}", appeal)
    with pytest.raises(YamlRefused) as refused:
        parse_policy(text, "p.yaml", TABLES)
    assert refused.value.problems == (f"p.yaml:7: {problem}",)


@pytest.mark.parametrize("code", ["11506-4", "11506", "115063", "ABC-1", "11506 -3"])
def test_a_document_must_have_a_loinc_code(code: str) -> None:
    text = policy_text(rule(f'{{action: pend, reason: age, ask-for: [{{loinc: "{code}", name: Progress note}}]}}'))
    with pytest.raises(YamlRefused) as refused:
        parse_policy(text, "p.yaml", TABLES)
    assert refused.value.problems == (
        'p.yaml:6: `loinc` must be a LOINC code with its check digit, such as "11506-3".',
    )


def test_a_document_may_have_a_report_type() -> None:
    text = policy_text(rule('{action: pend, reason: age, ask-for: [{report-type: "B3", name: Physician order}]}'))
    then = parse_policy(text, "p.yaml", TABLES).rules[0].then
    assert isinstance(then, Pend)
    assert [str(document.document) for document in then.ask_for] == ["Physician order (report type B3)"]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('report-type: "b", name: Order', '`report-type` must be a report type of X12 755 in quotes, such as "B3".'),
        ("name: Order", "`ask-for` must have either `loinc` or `report-type`."),
        ('loinc: "11506-3", report-type: "B3", name: Order', "`ask-for` must have either `loinc` or `report-type`."),
    ],
)
def test_a_document_must_have_one_code(keys: str, problem: str) -> None:
    text = policy_text(rule(f"{{action: pend, reason: age, ask-for: [{{{keys}}}]}}"))
    with pytest.raises(YamlRefused) as refused:
        parse_policy(text, "p.yaml", TABLES)
    assert refused.value.problems == (f"p.yaml:6: {problem}",)


def test_a_policy_must_have_an_appeal_and_a_document_a_name() -> None:
    text = policy_text(rule('{action: pend, reason: age, ask-for: [{loinc: "11506-3"}]}'))
    with pytest.raises(YamlRefused) as refused:
        parse_policy(text[: text.index("appeal:")], "p.yaml", TABLES)
    assert refused.value.problems == ("p.yaml:1: `appeal` is required.", "p.yaml:6: `name` is required.")
