"""The block `billing` of a policy is checked when it is read, with the line of each problem."""

from __future__ import annotations

import pytest

from app.policy.policy import Policy
from app.policy.policy_text import parse_policy
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import TABLES, policy_text

TERM = "name: N, reference: R, from: 2026-01-01"


def read(block: str) -> Policy:
    """Read a policy whose block `billing` begins on line 4."""
    return parse_policy(policy_text(more=f"billing:\n  {block}"), "p.yaml", TABLES)


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ("tolerance: 3", "p.yaml:5: `tolerance` is an unknown key."),
        ("timely-filing: {within: P90D}", "p.yaml:5: `reference` is required."),
        ("timely-filing: {reference: R, within: soon}", "p.yaml:5: `within` must be an ISO 8601 period"),
        (f"networks: [{{{TERM}, kind: wide}}]", "p.yaml:5: `kind` must be 'network' or 'preferred'."),
        (f"networks: [{{{TERM}, until: 2025-12-31}}]", "p.yaml:5: `networks` must have `until` on or after `from`."),
        (
            f"networks: [{{{TERM}, when: [{{test: urgency, is: standard}}]}}]",
            "p.yaml:5: `when` must not be the condition urgency, because no bill gives this fact.",
        ),
        (f"contracts: [{{{TERM}}}]", "p.yaml:5: `contracts` must have `group` or `reasons`."),
        (f"contracts: [{{{TERM}, reasons: {{too-late: PR}}}}]", "p.yaml:5: "),
        (
            f"contracts: [{{{TERM}, reasons: {{service-repeated: PR}}}}]",
            "p.yaml:5: `service-repeated` must have the group OA, because CARC 18 is valid with no other.",
        ),
        (f'referrals: [{{{TERM}, by: ["1234567890"]}}]', "p.yaml:5: `by` must be NPIs"),
        (f'emergencies: [{{{TERM}, revenues: ["45"]}}]', "p.yaml:5: `revenues` must be revenue codes"),
        (
            f"emergencies: [{{{TERM}, not-emergent: {{}}}}]",
            "p.yaml:5: `not-emergent` must have `codes` or `categories`.",
        ),
    ],
)
def test_a_wrong_term_is_refused_with_its_line(block: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        read(block)
    assert [each for each in refused.value.problems if each.startswith(problem)], refused.value.problems


def test_a_policy_without_the_block_has_no_plan_and_no_limit() -> None:
    policy = parse_policy(policy_text(), "p.yaml", TABLES)
    assert not policy.billing.has_plan
    assert policy.billing_terms.filing is None
