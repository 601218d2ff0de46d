from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conformance.checks.primitive import MOST_CHARACTERS, PRIMITIVES
from app.conformance.checks.xhtml import is_narrative_by_element, is_simple_narrative

UUID = "urn:uuid:6f2e1d3c-5b4a-4c3d-8e2f-1a2b3c4d5e6f"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'

GOOD: list[tuple[str, Any]] = [
    *[("boolean", value) for value in (True, False)],
    *[("integer", value) for value in (0, -1, 2**31 - 1, -(2**31))],
    *[("positiveInt", value) for value in (1, 2**31 - 1)],
    ("unsignedInt", 0),
    *[("decimal", value) for value in (1, Decimal("1.10"), Decimal("-1E+3"))],
    *[("string", value) for value in ("a", " a\tb\n", "ä", "\u00a0")],
    *[("uri", value) for value in ("a", "http://a/b#c", UUID, "urn:oid:1.2.3", "urn:ietf:bcp:47")],
    *[("id", value) for value in ("a", "A-1.b", "a" * 64)],
    *[("code", value) for value in ("a", "a b", "<=")],
    *[("date", value) for value in ("2026", "2026-11", "2026-11-20", "2024-02-29", "2000-02-29")],
    *[("dateTime", value) for value in ("2026", "2026-11-20T23:59:60Z", "2024-02-29T00:00:00.1+14:00")],
    *[("instant", value) for value in ("2026-11-20T09:30:00Z", "2024-02-29T09:30:00-05:00")],
    ("time", "09:30:00.5"),
    ("oid", "urn:oid:2.16.840"),
    ("uuid", UUID),
    *[("base64Binary", value) for value in ("QQ==", "QUJD", "QUJD\nQUJD")],
    *[("xhtml", DIV.format(inner)) for inner in ("a", "<p>a</p><br/>", '<a href="#b" title="c">d</a>', "&amp;&nbsp;")],
]

BAD: list[tuple[str, Any]] = [
    *[("boolean", value) for value in (0, 1, "true", None)],
    *[("integer", value) for value in (2**31, True, Decimal(1), "1")],
    *[("positiveInt", value) for value in (0, -1)],
    ("unsignedInt", -1),
    *[("decimal", value) for value in ("1", True, Decimal("NaN"))],
    *[("string", value) for value in ("", " ", "\n", "a\x00", "\x1fa", 1)],
    ("string", []),
    *[
        ("uri", value)
        for value in ("", "a b", "urn:uuid:1", "urn:uuid:" + UUID[9:].upper(), "urn:oid:3.1", "urn:oid:1.02")
    ],
    *[("id", value) for value in ("", "a" * 65, "a_b", "a\n")],
    *[("code", value) for value in ("", " a", "a ", "a  b", "a\tb")],
    *[
        ("date", value)
        for value in (
            "2026-W01-1",
            "20261120",
            "2026-11-2 ",
            "+026-11-20",
            "26",
            "2026-00",
            "2026-13",
            "2026-11-31",
            "2026-02-29",
            "1900-02-29",
            "0000",
            "٢٠٢٦",
        )
    ],
    *[
        ("dateTime", value)
        for value in ("2026-11-20T09:30:00", "2026-11-20T09:30Z", "2026-11T00:00:00Z", "2026-02-29T00:00:00Z")
    ],
    *[("instant", value) for value in ("2026-11-20", "2026-11-20T24:00:00Z", "2026-11-20T09:30:00+14:01")],
    *[("time", value) for value in ("9:30:00", "24:00:00", "09:30")],
    ("oid", "2.16.840"),
    ("uuid", "6f2e1d3c-5b4a-4c3d-8e2f-1a2b3c4d5e6f"),
    *[("base64Binary", value) for value in ("", "QQ", "Q!==", "QQ=", "QUJD=", "QUJD==", "QQ===")],
    *[
        ("xhtml", value)
        for value in ("a", "<p/>", DIV.format("<i>"), DIV.format("<form/>"), DIV.format('<p onclick="a"/>'))
    ],
    *[
        ("xhtml", DIV.format(inner))
        for inner in ("&unknown;", '<a href=" JavaScript:a()">b</a>', '<img src="vbscript:a"/>')
    ],
    *[("xhtml", DIV.format(inner)) for inner in ("<?php a?>", "<style>a</style>", "<title>a</title>")],
]


@pytest.mark.parametrize(("type_", "value"), GOOD)
def test_both_passes_accept_a_value_of_the_type(type_: str, value: Any) -> None:
    assert PRIMITIVES[type_].fault(value) is None
    assert passes(type_, value)


@pytest.mark.parametrize(("type_", "value"), BAD)
def test_another_value_is_rejected_by_both_passes(type_: str, value: Any) -> None:
    assert PRIMITIVES[type_].fault(value) is not None
    assert not passes(type_, value)


@given(st.text() | st.integers() | st.booleans() | st.decimals() | st.none() | st.lists(st.text(), max_size=2))
def test_both_passes_judge_a_value_alike(value: Any) -> None:
    for type_, primitive in PRIMITIVES.items():
        assert passes(type_, value) is (primitive.fault(value) is None)


@given(st.text("<>/=\"'&;! divpsctyleabhref:xmns", max_size=40))
def test_a_narrative_of_the_common_form_is_one_for_the_parser_too(inner: str) -> None:
    assert not is_simple_narrative(DIV.format(inner)) or is_narrative_by_element(DIV.format(inner))


def passes(type_: str, value: Any) -> bool:
    """Judge a value as the fast pass does, which does not look at the JSON type first."""
    try:
        return bool(PRIMITIVES[type_].holds(value))
    except (TypeError, AttributeError, ValueError):
        return False


@pytest.mark.parametrize("before", ["", "http://"])
@pytest.mark.parametrize("type_", ["string", "markdown", "uri", "url", "canonical", "code"])
def test_a_text_has_at_most_the_characters_that_r4_allows(type_: str, before: str) -> None:
    longest = before.ljust(MOST_CHARACTERS, "a")
    assert PRIMITIVES[type_].holds(longest)
    assert not PRIMITIVES[type_].holds(longest + "a")


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        ("oid", "urn:oid:2.", ""),
        ("dateTime", "2026-11-20T09:30:00.", "Z"),
        ("instant", "2026-11-20T09:30:00.", "Z"),
        ("time", "09:30:00.", ""),
    ],
)
def test_no_expression_reads_a_longer_text(type_: str, before: str, after: str) -> None:
    assert PRIMITIVES[type_].holds(before + "1" * 1000 + after)
    assert not PRIMITIVES[type_].holds(before + "1" * MOST_CHARACTERS + after)


def test_the_characters_of_a_uri_are_all_but_spaces_and_control_characters() -> None:
    holds = PRIMITIVES["uri"].holds
    wrong = [
        chr(code) for code in range(0x110000) if bool(holds(chr(code))) == (chr(code).isspace() or code < ord(" "))
    ]
    assert wrong == []
