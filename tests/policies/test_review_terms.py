"""The block `review` of a policy: the time to undo a decision, and the second signature."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.parts.reviewer import ReviewTerms
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import policy_of


def terms(block: str) -> ReviewTerms:
    return policy_of(more=f"review: {block}").version.review


def test_without_the_block_a_decision_counts_at_once_and_needs_one_person() -> None:
    assert policy_of().version.review == ReviewTerms(timedelta(0), ())


def test_the_terms_are_in_the_record_of_a_decision() -> None:
    assert terms("{grace: PT15M, cosign: {deny: physician, partly-certify: physician}}") == ReviewTerms(
        timedelta(minutes=15), ("A3", "A6")
    )
    assert terms("{cosign: {certify: physician}}").cosign == ("A1",)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("{grace: soon}", "must be a time such as PT72H or P7D"),
        ("{grace: PT0M}", "must be a time such as PT72H or P7D"),
        ("{grace: PT25H}", "must not be longer than PT24H"),
        ("{grace: P2D}", "must not be longer than PT24H"),
        ("{cosign: {deny: nurse}}", "physician"),
        ("{cosign: {pend: physician}}", "certify"),
        ("{cosign: deny}", "cosign"),
        ("{signed-by: physician}", "grace, cosign"),
    ],
)
def test_a_wrong_block_is_refused_with_its_line(block: str, says: str) -> None:
    with pytest.raises(YamlRefused, match=r"line \d+|:\d+") as refused:
        terms(block)
    assert says in str(refused.value)
