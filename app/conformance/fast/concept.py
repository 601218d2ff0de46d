"""Check codes with a cache of valid ones: a system, a code and perhaps a display, alone in a CodeableConcept.

A valid pair of system and code stays valid for the same shape, so it is checked once.
"""

from __future__ import annotations

from typing import Any

import msgspec

from app.conformance.checks.primitive import PRIMITIVES
from app.conformance.compiled.shape import Shape
from app.conformance.fast.unsure import Notes, ObjectCheck

_MOST_CODES = 512
"""The size of the cache of a shape."""

_LONGEST = 128
"""The most characters of a cached system and code together."""

_BARE, _DISPLAYED = 2, 3
_BY_CODE = ("pattern", "binding")
"""The rules that ignore the display."""

_is_text = PRIMITIVES["string"].holds


def concept_check(shape: Shape, general: ObjectCheck) -> ObjectCheck:
    """Return the check of a CodeableConcept; `general` checks a value that is not in the cache."""
    known = _Codes()
    is_displayed = _never if _display_matters(shape) else _is_displayed

    def is_valid(value: Any, notes: Notes) -> bool:
        try:
            (coding,) = value["coding"]
            alone = len(value) == 1 and (len(coding) == _BARE or is_displayed(coding))
            if alone and coding["code"] in known[coding["system"]]:
                return True
        except (LookupError, ValueError, TypeError):
            return general(value, notes)
        return general(value, notes) and (not alone or known.remember(coding["system"], coding["code"]))

    return is_valid


def coding_check(shape: Shape, general: ObjectCheck) -> ObjectCheck:
    """Return the check of a Coding; `general` checks a value that is not in the cache."""
    known = _Codes()
    is_displayed = _never if _display_matters(shape) else _is_displayed

    def is_valid(coding: Any, notes: Notes) -> bool:
        plain = len(coding) == _BARE or is_displayed(coding)
        if plain and "system" in coding and "code" in coding:
            if coding["code"] in known[coding["system"]]:
                return True
            return general(coding, notes) and known.remember(coding["system"], coding["code"])
        return general(coding, notes)

    return is_valid


def _display_matters(shape: Shape) -> bool:
    """Return whether the same code may be valid with one display and invalid with another, or without one."""
    is_given = any(b'"display"' in msgspec.json.encode(given.value) for given in shape.node.given)
    return is_given or bool(shape.node.children) or any(rule.key not in _BY_CODE for rule in shape.rules)


def _is_displayed(coding: Any) -> object:
    return len(coding) == _DISPLAYED and "display" in coding and _is_text(coding["display"])


def _never(_coding: Any) -> bool:
    return False


class _Codes(dict[str, set[str]]):
    """The cache of valid codes by system; it is cleared when it is full."""

    def __init__(self) -> None:
        super().__init__()
        self._left = _MOST_CODES

    def __missing__(self, system: str) -> frozenset[str]:
        return frozenset()

    def remember(self, system: str, code: str) -> bool:
        """Add a valid code unless it is too long. Returns True."""
        if len(system) + len(code) <= _LONGEST:
            if self._left == 0:
                self.clear()
                self._left = _MOST_CODES
            self._left -= 1
            self.setdefault(system, set()).add(code)
        return True
