"""Value sets whose members can be told from what the definitions say; of all others nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

Json = dict[str, Any]
Systems = dict[str, frozenset[str] | None]


class Members(Struct, frozen=True):
    """The members of a value set: the codes of each system, or None where any code of the system is one."""

    systems: Systems

    def has(self, system: object, code: object) -> bool:
        """Whether a coding of this system with this code is a member."""
        if type(system) is not str or type(code) is not str or system not in self.systems:
            return False
        codes = self.systems[system]
        return codes is None or code in codes

    def has_code(self, code: str) -> bool:
        """Whether a bare code, whose system goes without saying, is a member of one of the systems."""
        return any(codes is None or code in codes for codes in self.systems.values())


def members(value_set: Json, enumerated: Callable[[str], frozenset[str] | None]) -> Members | None:
    """Return the members of a value set, or None where one of its parts cannot be told.

    `enumerated` gives all codes of a code system that is known as a whole.
    """
    compose = value_set.get("compose", {})
    if compose.get("exclude") or not compose.get("include"):
        return None
    systems: Systems = {}
    for include in compose["include"]:
        if include.get("valueSet") or "system" not in include:
            return None
        _add(systems, include["system"], _codes(include, enumerated))
    return Members(systems)


def all_codes(concepts: Iterable[Json]) -> frozenset[str]:
    """Return the codes of a code system's concepts, those below others too."""
    found: set[str] = set()
    left = list(concepts)
    while left:
        concept = left.pop()
        found.add(concept["code"])
        left.extend(concept.get("concept", ()))
    return frozenset(found)


def _codes(include: Json, enumerated: Callable[[str], frozenset[str] | None]) -> frozenset[str] | None:
    """Return the codes that are listed; a filter narrows by properties that are not known here, so any may pass it."""
    if "concept" in include:
        return frozenset(concept["code"] for concept in include["concept"])
    return None if "filter" in include else enumerated(include["system"])


def _add(systems: Systems, system: str, codes: frozenset[str] | None) -> None:
    if system not in systems:
        systems[system] = codes
        return
    known = systems[system]
    systems[system] = None if codes is None or known is None else known | codes
