"""The shapes of codes: tell a code that cannot belong to its system. No list of codes is needed for that."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    RXNORM,
    TAXONOMY,
    canonical,
    family,
)
from app.domain.datatypes import Coding


class Shape(Struct, frozen=True):
    """The shape of the codes of a system: its name, a pattern for codes in capitals, and the pattern in words."""

    name: str
    pattern: re.Pattern[str]
    in_words: str


def shape_problem(coding: Coding) -> str | None:
    """Return why the code cannot belong to its system. None: it can, or the shape of the system's codes is not known.

    CPT is level I of HCPCS, so a code of either may have the shape of both. Small letters count as capitals.
    """
    shape = _SHAPES.get(canonical(coding.system))
    if shape is None or _fits(coding.code, shape):
        return None
    return f"{_rejected(coding.code, shape)}{_hint(coding, shape)}"


def modifier_problem(code: str) -> str | None:
    """Return why the code cannot be a modifier of a procedure; None if it can."""
    return None if _fits(code, _MODIFIER) else _rejected(code, _MODIFIER)


def services_problem(services: Iterable[Coding]) -> str | None:
    """Return which codes of one concept name two services; None if it names one.

    The codings of a concept are translations of each other, so it has at most one code of each family.
    """
    named: dict[str, str] = {}
    for service in services:
        system = family(service.system)
        if system not in _ONE_EACH:
            continue
        first = named.setdefault(system, service.code)
        if comparable(system, first) != comparable(system, service.code):
            found = f"`{_shown(first)}` and `{_shown(service.code)}`"
            return f"One line must name one service. {found} are two different codes. Send a line for each."
    return None


def comparable(system: str, code: str) -> str:
    """Return a code as it is compared: in capitals, ICD-10-CM without the dot, and an NDC with 11 digits."""
    code = code.upper()
    if system == ICD_10_CM:
        return code.replace(".", "")
    return _eleven_digits(code) if system == NDC else code


def _fits(code: str, shape: Shape) -> bool:
    return code.isascii() and shape.pattern.fullmatch(code.upper()) is not None


def _rejected(code: str, shape: Shape) -> str:
    return f"`{_shown(code)}` is not a {shape.name}. It must have {shape.in_words}."


def _shown(code: str) -> str:
    """Return the start of a code: the rest of a long text does not help to find it."""
    return code if len(code) <= _LONGEST_SHOWN else f"{code[:_LONGEST_SHOWN]}…"


def _hint(coding: Coding, shape: Shape) -> str:
    if shape is _PROCEDURE and _WITH_MODIFIER.fullmatch(coding.code.upper()):
        return " The modifier must go into `modifier`."
    return ""


def _eleven_digits(ndc: str) -> str:
    """Return an NDC as labeler (5), product (4) and package (2): the forms with ten digits lack one leading zero."""
    parts = ndc.split("-")
    if len(parts) != len(_NDC_PARTS):
        return ndc
    return "".join(part.zfill(length) for part, length in zip(parts, _NDC_PARTS, strict=True))


_LONGEST_SHOWN = 20
_NDC_PARTS = (5, 4, 2)
_WITH_MODIFIER = re.compile(r"([0-9]{4}[0-9AFMTU]|[A-Z][0-9]{4})([-.:/ ]*[A-Z0-9]{2})+")

_PROCEDURE = Shape(
    "CPT or HCPCS code",
    re.compile("[0-9]{4}[0-9AFMTU]|[A-Z][0-9]{4}"),
    "five digits, four digits and one of A, F, M, T, U, or a letter and four digits",
)
_MODIFIER = Shape("modifier", re.compile("[A-Z0-9]{2}"), "two letters or digits")
_SHAPES = {
    CPT: _PROCEDURE,
    HCPCS: _PROCEDURE,
    CDT: Shape("CDT code", re.compile("D[0-9]{4}"), "the letter D and four digits"),
    ICD_10_CM: Shape(
        "ICD-10-CM code",
        re.compile(r"[A-Z][0-9][0-9AB](\.?[0-9A-Z]{1,4})?"),
        "a letter, a digit, a digit or A or B, then up to four more after the dot, such as M54.50",
    ),
    ICD_10_PCS: Shape("ICD-10-PCS code", re.compile("[0-9A-HJ-NP-Z]{7}"), "seven digits or letters other than I and O"),
    NDC: Shape(
        "National Drug Code",
        re.compile(
            "[0-9]{11}|[0-9]{5}-[0-9]{4}-[0-9]{2}|[0-9]{4}-[0-9]{4}-[0-9]{2}|[0-9]{5}-([0-9]{3}-[0-9]{2}|[0-9]{4}-[0-9])"
        ),
        "11 digits, or its three parts with hyphens, such as 0777-3105-02",
    ),
    PLACE_OF_SERVICE: Shape("place of service code", re.compile("[0-9]{2}"), "two digits, such as 11"),
    REVENUE: Shape("revenue code", re.compile("[0-9]{4}"), "four digits with the leading zero, such as 0120"),
    TAXONOMY: Shape("provider taxonomy code", re.compile("[0-9A-Z]{9}X"), "nine letters or digits and an X"),
}
"""The shapes by system."""

_ONE_EACH = frozenset({CPT, CDT, ICD_10_PCS, NDC, REVENUE, RXNORM})
"""The families of services. A line names at most one code of each."""
