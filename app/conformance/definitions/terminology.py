"""Find the members of value sets that the loaded definitions enumerate. Other value sets stay unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from app.codes import other_names

Json = dict[str, Any]
Systems = dict[str, frozenset[str] | None]


class Members(Struct, frozen=True):
    """The members of a value set: its codes by system. None means that any code of the system is a member.

    `aliases` has the same codes by the other official names of the systems. Senders use them, and readers know them.
    """

    systems: Systems
    aliases: Systems = {}

    def has(self, system: object, code: object) -> bool:
        """Return whether a coding with this system and code is a member."""
        if type(system) is not str or type(code) is not str:
            return False
        systems = self.systems if system in self.systems else self.aliases
        if system not in systems:
            return False
        codes = systems[system]
        return codes is None or code in codes

    def has_code(self, code: str) -> bool:
        """Return whether a code without a system is a member in any of the systems."""
        return any(codes is None or code in codes for codes in self.systems.values())


def members(value_set: Json, enumerated: Callable[[str], frozenset[str] | None]) -> Members | None:
    """Return the members of a value set; None if a part of it is unknown.

    `enumerated` returns all codes of a completely loaded code system, and None for any other.
    """
    compose = value_set.get("compose", {})
    if compose.get("exclude") or not compose.get("include"):
        return None
    systems: Systems = {}
    for include in compose["include"]:
        if include.get("valueSet") or "system" not in include:
            return None
        _add(systems, include["system"], _codes(include, enumerated))
    aliases = {name: codes for system, codes in systems.items() for name in other_names(system)}
    return Members(systems, aliases)


def all_codes(concepts: Iterable[Json]) -> frozenset[str]:
    """Return the codes of concepts, including nested concepts."""
    codes: set[str] = set()
    remaining = list(concepts)
    while remaining:
        concept = remaining.pop()
        codes.add(concept["code"])
        remaining.extend(concept.get("concept", ()))
    return frozenset(codes)


def _codes(include: Json, enumerated: Callable[[str], frozenset[str] | None]) -> frozenset[str] | None:
    """Return the codes of an include; None (any code) for a filter, because it needs unknown properties."""
    if "concept" in include:
        return frozenset(concept["code"] for concept in include["concept"])
    return None if "filter" in include else enumerated(include["system"])


def _add(systems: Systems, system: str, codes: frozenset[str] | None) -> None:
    if system not in systems:
        systems[system] = codes
        return
    known = systems[system]
    systems[system] = None if codes is None or known is None else known | codes
