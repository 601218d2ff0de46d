"""The `review` section of reasons.yaml: rows with a kind, and rules that use a reason of the right kind."""

from __future__ import annotations

import pytest

from app.domain.review.review_reason import ReasonKey, ReasonKind
from app.policy.policy_text import parse_policy
from app.policy.review_reasons import parse_review_reasons
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import TABLES, policy_text, rule

SHIPPED = TABLES.review_reasons


def refusal(text: str) -> tuple[str, ...]:
    with pytest.raises(YamlRefused) as refused:
        parse_review_reasons(text, "reasons.yaml", SHIPPED)
    return refused.value.problems


def row(key: str, kind: str, text: str = "Why. What to do.") -> str:
    return f"{key}: {{kind: {kind}, code: null, text: {text}, administrative: true}}"


def test_a_row_is_checked_with_its_lines() -> None:
    text = "review:\n  Not Good:\n    code: 0F\n    kind: later\n    text: ''\nother: {}\n"
    assert refusal(text) == (
        "reasons.yaml:2: `Not Good` must have only lower-case letters, digits and single hyphens.",
        "reasons.yaml:2: `administrative` is required.",
        "reasons.yaml:3: `code` must be in quotes, because YAML reads some codes as numbers.",
        "reasons.yaml:4: `kind` must be 'pend', 'deny' or 'less'.",
        "reasons.yaml:5: `text` must be text.",
        "reasons.yaml:6: `other` is an unknown key. Known keys: review, adjudication.",
    )


def test_a_row_must_have_a_kind() -> None:
    assert refusal("review:\n  mine: {code: null, text: T, administrative: true}\n") == (
        "reasons.yaml:2: `kind` is required.",
    )
    assert refusal(f"review:\n  {row('mine', '[]')}\n") == ("reasons.yaml:2: `kind` must not be empty.",)


def test_a_row_may_have_several_kinds() -> None:
    reasons = parse_review_reasons(f"review:\n  {row('mine', '[pend, deny]')}\n", "reasons.yaml", SHIPPED)
    assert reasons["mine"].kinds == {ReasonKind.PEND, ReasonKind.DENY}


def test_a_file_gives_the_rows_that_it_changes_or_adds() -> None:
    text = f"review:\n  {row('mine', 'deny')}\n  {row('age', 'pend', 'Ours. We decide.')}\n"
    reasons = parse_review_reasons(text, "reasons.yaml", SHIPPED)
    assert set(reasons) == {*SHIPPED, "mine"}
    assert reasons["age"].reason.text == "Ours. We decide."
    assert reasons["level-of-care"] == SHIPPED["level-of-care"]


@pytest.mark.parametrize("key", ReasonKey)
def test_a_reason_that_reviews_use_keeps_its_kind(key: ReasonKey) -> None:
    other = next(kind for kind in ReasonKind if kind is not key.kind)
    assert refusal(f"review:\n  {row(key, other)}\n") == (
        f"reasons.yaml:2: `kind` must include {key.kind}, because reviews use {key} for that.",
    )


@pytest.mark.parametrize("key", ["limit-reached", "not-eligible", "less-time", "coverage-ends"])
def test_no_payer_makes_an_unattended_denial_clinical(key: str) -> None:
    clinical = row(key, ReasonKey(key).kind).replace("administrative: true", "administrative: false")
    assert refusal(f"review:\n  {clinical}\n") == (
        f"reasons.yaml:2: `administrative` must be true, because the server denies with {key} without a clinician.",
    )


def test_a_reason_that_reviews_use_must_have_a_row() -> None:
    with pytest.raises(YamlRefused) as refused:
        parse_review_reasons("review: {}\n", "reasons.yaml")
    assert refused.value.problems == tuple(f"reasons.yaml:1: the row `{key}` is required." for key in ReasonKey)


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        ("{action: deny, reason: because}", "deny"),
        ("{action: deny, reason: medical-necessity}", "deny"),
        ("{action: deny, reason: quantity-exceeded}", "deny"),
        ("{action: pend, reason: not-covered}", "pend"),
        ("{action: pend, reason: quantity-exceeded}", "pend"),
        ("{action: partly-certify, for: P1D, quantity: 1, reason: not-covered}", "less"),
        ("{action: partly-certify, for: P1D, quantity: 1, reason: age}", "less"),
    ],
)
def test_a_rule_with_a_reason_of_another_kind_is_refused_with_its_line(then: str, kind: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        parse_policy(policy_text(rule(then)), "p.yaml", TABLES)
    [problem] = refused.value.problems
    keys = sorted(key for key, reason in SHIPPED.items() if kind in reason.kinds)
    assert problem == f"p.yaml:6: `reason` must be a reason of kind {kind} in reasons.yaml: {', '.join(keys)}."


@pytest.mark.parametrize("key", [key for key, reason in SHIPPED.items() if ReasonKind.PEND in reason.kinds])
def test_the_text_of_a_pend_names_the_decision_and_requests_no_document(key: str) -> None:
    text = SHIPPED[key].reason.text.lower()
    assert "decide" in text
    assert "send" not in text
    assert "appeal" not in text
