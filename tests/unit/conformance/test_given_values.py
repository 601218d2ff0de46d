from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.conformance.checks.fixed import equals
from app.conformance.checks.pattern import contains

CODE = {"coding": [{"system": "s", "code": "c"}]}


@pytest.mark.parametrize(
    ("expected", "value", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (True, True, True),
        (True, 1, False),
        (1, True, False),
        (1, Decimal("1.0"), True),
        (None, None, True),
        ({"a": [1]}, {"a": [1]}, True),
        ({"a": [1]}, {"a": [1], "b": 2}, False),
        ([1, 2], [1], False),
        ([1], "1", False),
    ],
)
def test_a_fixed_value_is_the_value_and_nothing_more(expected: Any, value: Any, *, same: bool) -> None:
    assert equals(expected)(value) is same


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        (CODE, CODE, True),
        (
            CODE,
            {"coding": [{"system": "x", "code": "c"}, {"system": "s", "code": "c", "display": "d"}], "text": "t"},
            True,
        ),
        (CODE, {"coding": [{"system": "s", "code": "x"}]}, False),
        (CODE, {"coding": {"system": "s", "code": "c"}}, False),
        (CODE, {"coding": ["c"]}, False),
        (CODE, "c", False),
        ({"system": "s"}, {"system": "s", "value": "v"}, True),
        ({"system": "s"}, {"value": "v"}, False),
        ({"system": "s"}, "s", False),
        ({"coding": [{"code": "a"}, {"code": "b"}]}, {"coding": [{"code": "b"}, {"code": "a"}]}, True),
        ({"coding": [{"code": "a"}, {"code": "b"}]}, {"coding": [{"code": "b"}]}, False),
        ("a", "a", True),
        (True, 1, False),
    ],
)
def test_a_value_contains_its_pattern(pattern: Any, value: Any, *, fits: bool) -> None:
    assert contains(pattern)(value) is fits
