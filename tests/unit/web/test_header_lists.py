"""Parse headers that are lists: items, parameters, quotation marks, and a limit on the parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.headers.lists import MOST_PARTS, Item, items


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("", []),
        (" , ,", []),
        ("a/b", [("a/b", "", {})]),
        ("A/b ; Q = 0 , c", [("a/b", "", {"q": "0"}), ("c", "", {})]),
        ('return="minimal";x', [("return", "minimal", {"x": ""})]),
        ('a;b="1,2;\\"3",c=d', [("a", "", {"b": '1,2;"3'}), ("c", "d", {})]),
        ('a;b="c, d', [("a", "", {"b": '"c, d'})]),
    ],
)
def test_a_separator_within_quotation_marks_is_text(header: str, read: list[tuple[str, str, dict[str, str]]]) -> None:
    assert [one for one in items(header) if one.name] == [Item(*one) for one in read]


@given(st.text('ab=;, "\\\t', max_size=40))
def test_no_header_fails_to_parse(header: str) -> None:
    assert len(list(items(header))) <= header.count(",") + 1


@pytest.mark.parametrize("repeated", ["a,", "a;", ";", ",", 'a;b="c",'])
def test_a_long_header_is_parsed_up_to_the_limit(repeated: str) -> None:
    read = list(items(repeated * MOST_PARTS))
    assert sum(1 + len(one.parameters) for one in read) <= MOST_PARTS
    assert len(read) <= MOST_PARTS // 2
    assert list(items("a," * (MOST_PARTS // 2) + "b")) == list(items("a," * (MOST_PARTS // 2)))
