"""The shapes of codes: tell a code that cannot belong to its system. No list of codes is needed for that."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from app.codes import (
    CDT,
    CPT,
    HCPCS,
    ICD_10_CM,
    ICD_10_PCS,
    NDC,
    PLACE_OF_SERVICE,
    REVENUE,
    TAXONOMY,
    canonical,
)
from app.domain.datatypes import Coding

_REPORT_TYPE = re.compile("[0-9A-Z]{2}")
_CODES_REMEMBERED = 4096
_LONGEST_SHOWN = 20
"""Characters of a code in a text. No code of a known shape is longer."""


class Shape(Struct, frozen=True):
    """The shape of the codes of a system: its name, a pattern for codes in capitals, and the pattern in words."""

    name: str
    pattern: re.Pattern[str]
    in_words: str


def shape_problem(coding: Coding) -> str | None:
    """Return why the code cannot belong to its system. None: it can, or the shape of the system's codes is not known.

    CPT is level I of HCPCS, so a code of either may have the shape of both. Small letters count as capitals.
    """
    system = canonical(coding.system)
    if system not in _SHAPES or _fits(system, coding.code):
        return None
    shape = _SHAPES[system]
    hint = " The modifier must go into `modifier`." if _has_modifier(coding.code, shape) else ""
    return f"`{shown(coding.code)}` is not {shape.name}. It must have {shape.in_words}.{hint}"


def modifier_problem(code: str) -> str | None:
    """Return why the code cannot be a modifier of a procedure; None if it can."""
    if len(code) == _MODIFIER_LENGTH and code.isascii() and code.isalnum():
        return None
    return f"`{shown(code)}` is not a modifier. It must have two letters or digits."


def report_type_like(code: str) -> bool:
    """Return whether a code has the shape of an attachment report type (X12 755)."""
    return _REPORT_TYPE.fullmatch(code) is not None


def _fits(system: str, code: str) -> bool:
    return len(code) <= _LONGEST_SHOWN and _has_shape(system, code)


@lru_cache(_CODES_REMEMBERED)
def _has_shape(system: str, code: str) -> bool:
    return code.isascii() and _SHAPES[system].pattern.fullmatch(code.upper()) is not None


def shown(code: str) -> str:
    """Return the start of a code: the rest of a long text does not help to find it."""
    return code if len(code) <= _LONGEST_SHOWN else f"{code[:_LONGEST_SHOWN]}…"


def _has_modifier(code: str, shape: Shape) -> bool:
    return shape is _PROCEDURE and len(code) <= _LONGEST_SHOWN and _WITH_MODIFIER.fullmatch(code.upper()) is not None


_MODIFIER_LENGTH = 2
_WITH_MODIFIER = re.compile(r"([0-9]{4}[0-9AFMTU]|[A-Z][0-9]{4})([-.:/ ]*[A-Z0-9]{2})+")

_PROCEDURE = Shape(
    "a CPT or HCPCS code",
    re.compile("[0-9]{4}[0-9AFMTU]|[A-Z][0-9]{4}"),
    "five digits, four digits and one of A, F, M, T, U, or a letter and four digits",
)
_SHAPES = {
    CPT: _PROCEDURE,
    HCPCS: _PROCEDURE,
    CDT: Shape("a CDT code", re.compile("D[0-9]{4}"), "the letter D and four digits"),
    ICD_10_CM: Shape(
        "an ICD-10-CM code",
        re.compile(r"[A-Z][0-9][0-9AB](\.?[0-9A-Z]{1,4})?"),
        "a letter, a digit, a digit or A or B, then up to four more after the dot, such as M54.50",
    ),
    ICD_10_PCS: Shape("an ICD-10-PCS code", re.compile("[0-9A-HJ-NP-Z]{7}"), "seven digits or letters, but no I or O"),
    NDC: Shape(
        "a National Drug Code",
        re.compile(
            "[0-9]{11}|[0-9]{5}-[0-9]{4}-[0-9]{2}|[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-([0-9]{3}-[0-9]{2}|[0-9]{4}-[0-9])"
        ),
        "11 digits, or its three parts with hyphens, such as 0777-3105-02",
    ),
    PLACE_OF_SERVICE: Shape("a place of service code", re.compile("[0-9]{2}"), "two digits, such as 11"),
    REVENUE: Shape("a revenue code", re.compile("[0-9]{4}"), "four digits with the leading zero, such as 0120"),
    TAXONOMY: Shape("a provider taxonomy code", re.compile("[0-9A-Z]{9}X"), "nine letters or digits and an X"),
}
"""The shapes by system."""
