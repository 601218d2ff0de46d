"""An index of code sets by service: a payer has many rules, and most cover few services."""

from __future__ import annotations

from collections.abc import Iterable

from app.policy.codes.code_sets import CodeRange, CodeSet, ServiceKey


class CodeIndex:
    """An index over a sequence of code sets: find the sets that include a service. None includes every service."""

    def __init__(self, code_sets: Iterable[CodeSet | None]) -> None:
        self._every: list[int] = []
        self._by_code: dict[ServiceKey, list[int]] = {}
        self._by_range: dict[tuple[str, CodeRange], list[int]] = {}
        for position, code_set in enumerate(code_sets):
            if code_set is None:
                self._every.append(position)
                continue
            for code in code_set.codes:
                self._by_code.setdefault((code_set.system, code), []).append(position)
            for codes in code_set.ranges:
                self._by_range.setdefault((code_set.system, codes), []).append(position)

    def positions(self, services: Iterable[ServiceKey]) -> list[int]:
        """Return the sorted positions of the sets that include at least one of the services."""
        matching = set(self._every)
        for service in services:
            matching.update(self._by_code.get(service, ()))
            system, code = service
            for (range_system, codes), positions in self._by_range.items():
                if range_system == system and codes.holds(code):
                    matching.update(positions)
        return sorted(matching)
