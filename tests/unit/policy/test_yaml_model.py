from __future__ import annotations

import pytest

from app.policy.review_reasons import parse_review_reasons
from app.policy.yaml.text import YamlRefused


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "f.yaml:1: the text must be keys with values."),
        ("review: 3", "f.yaml:1: `review` must be keys with values."),
        ("review:\n  a: yes", "f.yaml:2: `a` must be keys with values."),
        (
            "review: {a: {kind: pend, code: null, text: T, administrative: maybe}}",
            "f.yaml:1: `administrative` must be true or false.",
        ),
        (
            "review: {a: {kind: pend, code: null, text: T, administrative: []}}",
            "f.yaml:1: `administrative` must be true or false.",
        ),
    ],
)
def test_a_value_of_another_shape_is_refused_in_terms_of_yaml(text: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        parse_review_reasons(text, "f.yaml")
    assert refused.value.problems == (problem,)
