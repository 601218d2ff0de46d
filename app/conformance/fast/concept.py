"""The fast check of a code as it mostly comes: a system and a code, perhaps a display, alone in a CodeableConcept.

What was found of a system and code here holds whenever they come again, so it is looked up.
"""

from __future__ import annotations

from typing import Any

import msgspec

from app.conformance.checks.primitive import PRIMITIVES
from app.conformance.compiled.shape import Shape
from app.conformance.fast.unsure import Nested, Notes

_MOST_CODES = 512
"""How many codes are remembered for a shape."""

_LONGEST = 128
"""How long a system and a code may be together to be remembered."""

_BARE, _DISPLAYED = 2, 3
_BY_CODE = ("pattern", "binding")
"""The rules that a display makes no difference to."""

_is_text = PRIMITIVES["string"].holds


def concept_check(shape: Shape, general: Nested) -> Nested:
    """Return the check of a CodeableConcept; those that are rare, or new, take the general way."""
    known = _Codes()
    is_displayed = _refused if _display_matters(shape) else _is_displayed

    def holds(value: Any, notes: Notes) -> bool:
        try:
            (coding,) = value["coding"]
            alone = len(value) == 1 and (len(coding) == _BARE or is_displayed(coding))
            if alone and coding["code"] in known[coding["system"]]:
                return True
        except (LookupError, ValueError, TypeError):
            return general(value, notes)
        return general(value, notes) and (not alone or known.remember(coding["system"], coding["code"]))

    return holds


def coding_check(shape: Shape, general: Nested) -> Nested:
    """Return the check of a Coding; those that are rare, or new, take the general way."""
    known = _Codes()
    is_displayed = _refused if _display_matters(shape) else _is_displayed

    def holds(coding: Any, notes: Notes) -> bool:
        plain = len(coding) == _BARE or is_displayed(coding)
        if plain and "system" in coding and "code" in coding:
            if coding["code"] in known[coding["system"]]:
                return True
            return general(coding, notes) and known.remember(coding["system"], coding["code"])
        return general(coding, notes)

    return holds


def _display_matters(shape: Shape) -> bool:
    """Whether what was found of a code with one display may not hold of the same code with another, or with none."""
    said = any(b'"display"' in msgspec.json.encode(given.value) for given in shape.node.given)
    return said or bool(shape.node.children) or any(rule.key not in _BY_CODE for rule in shape.rules)


def _is_displayed(coding: Any) -> object:
    return len(coding) == _DISPLAYED and "display" in coding and _is_text(coding["display"])


def _refused(_coding: Any) -> bool:
    return False


class _Codes(dict[str, set[str]]):
    """The codes by system that are known to be right; when there are too many, it begins anew."""

    def __init__(self) -> None:
        super().__init__()
        self._left = _MOST_CODES

    def __missing__(self, system: str) -> frozenset[str]:
        return frozenset()

    def remember(self, system: str, code: str) -> bool:
        """Keep a code that was found right, unless it is unusually long. Returns True."""
        if len(system) + len(code) <= _LONGEST:
            if self._left == 0:
                self.clear()
                self._left = _MOST_CODES
            self._left -= 1
            self.setdefault(system, set()).add(code)
        return True
