"""Narratives: the check of the common form, and the parser that decides about the rest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conformance.checks.xhtml import is_narrative, is_narrative_by_element, is_simple_narrative

DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'
WORDS = (
    "a",
    "b",
    " ",
    "&amp;",
    "&#39;",
    "&#x73;",
    "&nbsp;",
    "&#1;",
    "&#1٢٣;",
    "&x;",
    "&",
    "<",
    ">",
    "]]>",
    "\x01",
    "\n",
    "é",
    "\ufffe",
)
NAMED = ("p", "b", "a", "br", "td", "pre", "script", "form", "div", "P", "body", "h1", "h7")
GIVEN = (
    ' class="c"',
    ' title="a > b"',
    ' href="#a"',
    ' href="http://a/b"',
    ' href="javascript:a()"',
    ' href="jAvascript&#58;a"',
    ' href="vb&#115;cript:a"',
    ' src="data:text/html,a"',
    ' onclick="a()"',
    " id='c'",
    ' xml:lang="en"',
    " lang",
    ' xmlns="a"',
)
EMPTY = (
    "",
    " \n",
    "<p/>",
    "<p> </p><br/>",
    '<p title=">a"> </p>',
    "<p title='>a'></p>",
    "<p class=\"a\" title='>a'></p>",
    "<!-- a > b -->",
    "<![CDATA[ ]]>",
    "&#32;",
    "&#x20;&#x9;",
    '<a href="#b"></a><table><tr><td></td></tr></table>',
)
"""Contents of a narrative without a text or an image."""
SHOWN = (
    "a",
    "<p><b> a</b></p>",
    "&amp;",
    "&#97;",
    "<![CDATA[a]]>",
    '<img src="#a"/>',
    "<p/><p>.</p>",
    "<!-- a -->b",
    "&nbsp;",
)
markup = st.recursive(
    st.sampled_from(WORDS),
    lambda below: st.builds(
        lambda name, given, inner, end: f"<{name}{given}>{inner}</{end or name}>" if inner else f"<{name}{given}/>",
        st.sampled_from(NAMED),
        st.lists(st.sampled_from(GIVEN), max_size=3).map("".join),
        st.lists(below, max_size=3).map("".join),
        st.just("") | st.just("") | st.just("") | st.sampled_from(NAMED),
    ),
    max_leaves=12,
)


@given(st.lists(markup, max_size=4).map("".join))
@settings(max_examples=600, deadline=None)
def test_a_narrative_of_the_common_form_is_one_for_the_parser(inner: str) -> None:
    for text in (DIV.format(inner), DIV.format(inner).replace('xhtml"', 'xhtml" xml:lang="en" lang="en"', 1), inner):
        assert not is_simple_narrative(text) or is_narrative_by_element(text)


@pytest.mark.parametrize("inner", EMPTY)
def test_a_narrative_without_content_is_invalid(inner: str) -> None:
    assert not is_narrative(DIV.format(inner))


@pytest.mark.parametrize("inner", SHOWN)
def test_a_narrative_with_a_text_or_an_image_is_valid(inner: str) -> None:
    assert is_narrative(DIV.format(inner))


@pytest.mark.parametrize(
    "inner",
    [
        "Text with a &lt; b, it&#39;s so&#160;",
        '<table class="grid"><tr><td style="a: b" title="c">d</td><td>e<br/>f</td></tr></table>',
        '<a href="http://example.org/a">b</a><img src="#image" alt="c"/>',
        "<ul><li><p><b><i>deep</i></b></p></li></ul>",
    ],
)
def test_an_ordinary_narrative_has_the_common_form(inner: str) -> None:
    text = DIV.format(f"A text. {inner}")
    assert is_simple_narrative(text)
    assert is_narrative_by_element(text)


@pytest.mark.acceptance("C47")
@pytest.mark.parametrize(
    "text",
    [
        DIV.format('<p class="a" class="b">c</p>'),
        DIV.format('<a href="&#106;avascript&#58;a()">b</a>'),
        DIV.format('<a title="b" href="javascript:a()">b</a>'),
        DIV.format("<b><i>a</b></i>"),
        DIV.format("a") + DIV.format("b"),
        DIV.format("a") + "b",
        DIV.format("</div><div>"),
        DIV.format('<p title="a<b">c</p>'),
        DIV.format("<brx/>"),
        DIV.format("&#1٢٣;"),
        '<div xmlns="http://www.w3.org/1999/xhtml/">a</div>',
        "<div>a</div>",
        '<h:div xmlns:h="http://www.w3.org/1999/xhtml">a</h:div>',
    ],
)
def test_an_invalid_narrative_is_rejected_by_both_checks(text: str) -> None:
    assert not is_simple_narrative(text)
    assert not is_narrative_by_element(text)
