"""The XHTML of a narrative: one well-formed div of simple elements (http://hl7.org/fhir/R4/narrative.html#xhtml)."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Any
from xml.parsers import expat

from app.conformance.checks.xhtml_expression import expression, is_simple

_NAMESPACE = "http://www.w3.org/1999/xhtml"
_START = f'<div xmlns="{_NAMESPACE}"'
_ELEMENT_NAMES = (
    "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img"
    " li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var"
)
_ATTRIBUTE_NAMES = (
    "abbr accesskey align alt axis bgcolor border cellpadding cellspacing char charoff charset cite class clear colspan"
    " compact coords dir frame headers height href hreflang hspace id lang longdesc name nowrap rel rev rowspan rules"
    " scope shape span src start style summary tabindex title type valign value vspace width xml:lang xmlns"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTES = _ELEMENTS.union(_ATTRIBUTE_NAMES.split())
"""An attribute with the name of an element has no effect, so it is allowed."""

_COMMON_ELEMENTS = (
    "p b a span div td tr th br table thead tbody ul ol li h1 h2 h3 h4 h5 h6 i em strong code pre hr blockquote dl dt"
    " dd small img sub sup tt"
)
_COMMON_ATTRIBUTES = "style href title class name id src alt lang colspan rowspan align valign width height border"

_SIMPLE = expression(_START, _COMMON_ELEMENTS.split(), _COMMON_ATTRIBUTES.split())
"""Most narratives match it. It has few names because each makes it slower."""

_BEGINS_WITH_TEXT = re.compile(
    r"""(?:<[^<>"']*+(?:"[^"<]*+"[^<>"']*+)*+>[ \t\r\n]*+)++(?:[^<& \t\r\n]|&[a-z])""", re.ASCII
).match
"""The first content is a text, as in nearly every narrative; the parser looks for images."""

_XML_ENTITIES = ("lt", "gt", "amp", "quot", "apos")
_XML_SPACE = " \t\r\n"
_ENTITY = re.compile(r"&([A-Za-z]+[0-9]*);", re.ASCII)


class _UnfitError(Exception):
    """The text is no narrative. It never leaves this file."""


def is_narrative(text: str) -> bool:
    """Return whether a text is one div of simple XHTML that shows a text or an image (txt-1, txt-2).

    It must not have a script, a document type or entities of its own.
    """
    return is_simple_narrative(text) or is_narrative_by_element(text)


def is_narrative_by_element(text: str) -> bool:
    """Return whether a text is a narrative, with a parser that reads element by element."""
    parser = expat.ParserCreate()
    parser.buffer_text = True  # else each line break is a call of the handler
    checker = _Checker()
    parser.StartElementHandler = checker.element
    parser.CharacterDataHandler = checker.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    return _parses(parser, _ENTITY.sub(_character, text)) and checker.has_content


def is_simple_narrative(text: str) -> bool:
    """Return whether a text is a narrative of the common form; False means that the parser must decide."""
    return _BEGINS_WITH_TEXT(text) is not None and is_simple(text, _SIMPLE)


def _parses(parser: expat.XMLParserType, text: str) -> bool:
    try:
        parser.Parse(text, True)  # noqa: FBT003 - the parser takes it by position only
    except (expat.ExpatError, _UnfitError, UnicodeEncodeError):
        return False
    return True


def _character(entity: re.Match[str]) -> str:
    """Return the character of an HTML entity, which an XML parser does not know."""
    name = entity[1]
    return entity[0] if name in _XML_ENTITIES or name not in name2codepoint else chr(name2codepoint[name])


class _Checker:
    """The handlers of the parser for one narrative."""

    def __init__(self) -> None:
        self._root = True
        self.has_content = False

    def text(self, data: str) -> None:
        self.has_content = self.has_content or bool(data.strip(_XML_SPACE))

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if self._root and (name != "div" or attributes.get("xmlns") != _NAMESPACE):
            raise _UnfitError
        self._root = False
        self.has_content = self.has_content or name == "img"
        if name not in _ELEMENTS or not _ATTRIBUTES.issuperset(attributes):
            raise _UnfitError
        if "script:" in attributes.get("href", "").lower() or "script:" in attributes.get("src", "").lower():
            raise _UnfitError


def _refuse(*_: Any) -> None:
    raise _UnfitError
