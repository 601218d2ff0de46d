"""The regular expression that most narratives match: nested elements and text, without scripts.

It does not match every well-formed narrative; the parser decides about the rest. It cannot backtrack: the next
character decides every branch, and all repetitions are possessive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_DEEPEST = 6
"""Levels of nested elements below the div."""

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]").search
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])
_ALL_SEEN = bytes.maketrans(_CONTROLS, b"?" * len(_CONTROLS))
"""A table that changes control characters only: a text that it leaves unchanged has none."""

_REFERENCE = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|#[1-9]\d{2,3}|#(?:3[2-9]|[4-9]\d)|#x[2-9a-f][0-9a-f]{1,2});", re.ASCII
).sub
_LINKS = dict.fromkeys(("href", "src"), '(?=="(?:https?:)?+[^":;<]*+")')
"""The lookahead after the name of a link: the only schemes are http and https."""

_STAND_IN = ";"
"""The replacement of a character reference: harmless in text, never valid in a link or a name."""


def expression(start: str, elements: Sequence[str], attributes: Sequence[str]) -> re.Pattern[str]:
    """Return the expression for a narrative that begins with `start` and has only these elements and attributes.

    An element has at most two attributes, which must differ. A link is relative or has the scheme http or https.
    """
    element, attribute = _one_of(elements), _one_of(attributes)
    languages = '(?: xml:lang="[A-Za-z-]++")?+(?: lang="[A-Za-z-]++")?+'
    below = ""
    for level in range(_DEEPEST, 0, -1):
        end = f"</(?P=e{level})>"
        more = f"|(?:{below}[^<]*+)++{end}" if below else ""
        given = _attributes(attribute, f"a{level}")
        below = f"<(?P<e{level}>{element}){given}(?:>[^<]*+(?:{end}{more})|/>)"
    return re.compile(f"{re.escape(start)}{languages}>[^<]*+(?:{below}[^<]*+)*+</div>", re.ASCII)


def is_simple(text: str, narrative: re.Pattern[str]) -> bool:
    """Return whether a text matches the expression of a narrative; False means that the parser must decide."""
    if "&" in text:
        text = _REFERENCE(_STAND_IN, text)
        if "&" in text:
            return False
    if text.isascii():
        plain = text.encode()
        if plain.translate(_ALL_SEEN) != plain:
            return False
    elif _UNFIT(text):
        return False
    return ("]" not in text or "]]>" not in text) and narrative.fullmatch(text) is not None


def _attributes(attribute: str, name: str) -> str:
    value = '="[^"<]*+"'
    return f"(?: (?P<{name}>{attribute}){value}(?: (?!(?P={name})=){attribute}{value})?+)?+"


def _one_of(words: Sequence[str]) -> str:
    """Return an expression for one of several words: by first letter, longer words first."""
    by_letter: dict[str, list[str]] = {word[0]: [] for word in words}
    for word in sorted(words, reverse=True):
        by_letter[word[0]].append(re.escape(word[1:]) + _LINKS.get(word, ""))
    groups = (f"{letter}(?>{'|'.join(rest)})" for letter, rest in by_letter.items())
    return f"(?>{'|'.join(groups)})"
