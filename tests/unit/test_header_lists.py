"""Headers that are lists of items with parameters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.header_lists import Item, items


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
def test_a_separator_within_quotation_marks_separates_nothing(
    header: str, read: list[tuple[str, str, dict[str, str]]]
) -> None:
    assert [one for one in items(header) if one.name] == [Item(*one) for one in read]


@given(st.text('ab=;, "\\\t', max_size=40))
def test_any_header_can_be_read(header: str) -> None:
    assert len(list(items(header))) <= header.count(",") + 1
