"""Three levels of strictness: the severity of each family of rules."""

from __future__ import annotations

from enum import StrEnum

from app.conformance.checks.rule import Family


class Level(StrEnum):
    """A level of strictness, by its name in the settings."""

    STRICT = "strict"
    STANDARD = "standard"
    LENIENT = "lenient"


_ERROR, _WARNING, _SILENT = "error", "warning", None

SEVERITY: dict[Family, tuple[str | None, str | None, str | None]] = {
    Family.STRUCTURE: (_ERROR, _ERROR, _ERROR),
    Family.MODIFIER: (_ERROR, _ERROR, _ERROR),
    Family.FRAME: (_ERROR, _ERROR, _ERROR),
    Family.NEEDED: (_ERROR, _ERROR, _ERROR),
    Family.SEQUENCE: (_ERROR, _ERROR, _ERROR),
    Family.INVARIANT: (_ERROR, _ERROR, _WARNING),
    Family.PROFILE: (_ERROR, _ERROR, _WARNING),
    Family.TERMINOLOGY: (_ERROR, _ERROR, _WARNING),
    Family.EXTENSION: (_ERROR, _ERROR, _WARNING),
    Family.UNDEFINED: (_ERROR, _WARNING, _WARNING),
    Family.LINK: (_ERROR, _ERROR, _WARNING),
    Family.INFORMATION: (_ERROR, _WARNING, _SILENT),
    Family.UPDATE: (_ERROR, _ERROR, _WARNING),
    Family.CLOSURE: (_ERROR, _WARNING, _SILENT),
    Family.CONNECTION: (_ERROR, _WARNING, _SILENT),
    Family.CHANGE: (_ERROR, _WARNING, _SILENT),
    Family.GUIDE: (_ERROR, _WARNING, _SILENT),
    Family.ADVICE: (_WARNING, _WARNING, _SILENT),
}
"""The severity of a family at the levels strict, standard and lenient; None: no issue."""


def severity(level: Level, family: Family) -> str | None:
    """Return the severity of an issue; None if the level has no issue for the family."""
    return SEVERITY[family][_COLUMN[level]]


_COLUMN = {level: column for column, level in enumerate(Level)}
