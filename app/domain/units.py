"""The unit of a quantity, as sent, and the bases that it may stand for.

X12 elements 355 (claims) and 673 (requests), UCUM and plain words have different codes for one basis.
"""

from __future__ import annotations

from msgspec import Struct

from app.codes import UCUM, X12_CLAIM_UNIT, X12_UNIT, canonical

COUNT = "count"
DAY = "day"


class Unit(Struct, frozen=True, omit_defaults=True):
    """The unit of a quantity, as sent: its text for people, and its code with the code system."""

    text: str | None = None
    code: str | None = None
    system: str | None = None

    @property
    def bases(self) -> frozenset[str]:
        """The bases that the unit may stand for: that of its code, else a count or what its text says."""
        if self.code is None or self.code == _ONE:
            return _counted(self.text)
        if self.system is not None and canonical(self.system) not in _SYSTEMS:
            return frozenset({f"{self.system}|{self.code}"})
        if self.code.startswith("{") and self.code.endswith("}"):
            return _counted(self.code[1:-1])
        return frozenset({_BASES.get(self.code, self.code)})


def unit_of(code: str | None, system: str | None, text: str | None) -> Unit | None:
    """Return the unit of a quantity; None if the quantity names none."""
    return None if code is None and text is None else Unit(text, code, system)


def name_of(unit: Unit | None) -> str:
    """Return a unit in a word: its code, or its text if the code only counts."""
    if unit is None or unit.code in {None, _ONE}:
        return (None if unit is None else unit.text) or "units"
    return unit.code or "units"


def same_basis(unit: Unit | None, other: Unit | None) -> bool:
    """Return whether two quantities may count the same thing. A quantity without a unit is a plain count.

    A text alone never decides: it may mean a count or what it says, so "units" and "visits" are alike.
    """
    return not _bases(unit).isdisjoint(_bases(other))


def is_of(unit: Unit | None, code: str) -> bool:
    """Return whether a quantity certainly counts what an X12 or UCUM code names."""
    return _bases(unit) == Unit(code=code).bases


def is_known(code: str) -> bool:
    """Return whether a code of X12 or UCUM has a basis here."""
    return code in _BASES


def _bases(unit: Unit | None) -> frozenset[str]:
    return _JUST_COUNT if unit is None else unit.bases


def _counted(text: str | None) -> frozenset[str]:
    """Return a count, or what the text says. UCUM counts as 1 what stands in braces."""
    basis = None if text is None else _word(text.strip())
    return _JUST_COUNT if basis is None else frozenset({COUNT, basis})


def _word(text: str) -> str | None:
    word = text.lower().removesuffix("(s)").removesuffix("s")
    return _WORDS.get(word) or _BASES.get(word) or _BASES.get(text.upper())


_ONE = "1"
"""The UCUM code of a plain count."""

_JUST_COUNT = frozenset({COUNT})
_SYSTEMS = frozenset({UCUM, X12_UNIT, X12_CLAIM_UNIT})

_CODES = {
    COUNT: ("UN", "FL", "EA"),
    DAY: ("d", "DA", "DY"),
    "gram": ("g", "GR"),
    "hour": ("h", "HR", "HS"),
    "international unit": ("[iU]", "[IU]", "F2"),
    "milligram": ("mg", "ME"),
    "milliliter": ("mL", "ml", "ML"),
    "minute": ("min", "MJ"),
    "month": ("mo", "MO", "MN"),
    "visit": ("VS",),
}
"""The codes of each basis. A code that is not here is its own basis."""

_BASES = {code: basis for basis, codes in _CODES.items() for code in codes}

_WORDS = {basis: basis for basis in _CODES} | {"each": COUNT, "hr": "hour", "iu": "international unit", "unit": COUNT}
"""The basis that a word names, in the singular and in small letters."""
