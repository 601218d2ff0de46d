"""A rule sends a service to a vendor that decides for the payer."""

from __future__ import annotations

import pytest

from app.policy.yaml.text import YamlRefused
from tests.policies.builders import DAY, policy_of, request_of, reviewed, rule

VENDOR = "types: {delegated: [{vendor: heart, name: Heart Review, contact: 1-800-555-0166}]}"
FORWARD = "{action: forward, to: heart}"
PLAN = '[{test: plan-in, plans: ["GOLD"]}]'


def test_the_answer_names_the_vendor_and_its_contact() -> None:
    [decision] = reviewed(request_of(), policy_of(rule(FORWARD), more=VENDOR))
    assert (decision.action.value, decision.rule, decision.granted, decision.decided) == ("CT", "first", None, DAY)
    assert decision.reason is not None
    assert (decision.reason.key, decision.reason.code) == ("delegated", "0J")
    assert decision.note == (
        "Heart Review decides about this service for the payer. Send the request to: 1-800-555-0166"
    )
    assert decision.appeal is None


def test_an_earlier_rule_that_lacks_a_fact_leaves_the_item_to_a_reviewer() -> None:
    policy = policy_of(rule("{action: certify, for: P60D}", PLAN, name="gold"), rule(FORWARD), more=VENDOR)
    [decision] = reviewed(request_of(), policy)
    assert (decision.action.value, decision.missing) == ("A4", ("plan",))


def test_a_rule_with_a_missing_fact_forwards_nothing() -> None:
    [decision] = reviewed(request_of(), policy_of(rule(FORWARD, PLAN), more=VENDOR))
    assert (decision.action.value, decision.reason and decision.reason.key) == ("A4", "fact-missing")


@pytest.mark.parametrize(
    ("block", "then", "problem"),
    [
        (VENDOR, "{action: forward, to: lung}", "`to` must be a vendor in `types: delegated`: heart."),
        ("", FORWARD, "`to` must be a vendor in `types: delegated`: none."),
        (VENDOR, "{action: forward}", "`to` is required."),
        (VENDOR.replace("contact", "phone"), FORWARD, "`phone` is an unknown key. Known keys: vendor, name, contact."),
        (
            VENDOR.replace("]}", ", {vendor: heart, name: H, contact: C}]}"),
            FORWARD,
            "`vendor` must be unique, but heart is given twice.",
        ),
    ],
)
def test_a_vendor_that_cannot_be_found_is_refused_with_its_line(block: str, then: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(rule(then), more=block)
    assert problem in str(refused.value)
    assert str(refused.value).startswith("test.yaml:")
