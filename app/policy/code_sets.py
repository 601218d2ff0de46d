"""The code systems a policy speaks of, and sets of codes in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Self

from msgspec import Struct
from pydantic import AfterValidator, BeforeValidator, model_validator

from app.codes import CPT, HCPCS, ICD_10_CM, LOINC, PLACE_OF_SERVICE, X12_SERVICE_TYPE, family
from app.domain.request import Coding
from app.policy.yaml.model import Code, Codes, Data
from app.policy.yaml.text import Quoted

SYSTEMS = {
    "cpt": CPT,
    "hcpcs": HCPCS,
    "icd-10-cm": ICD_10_CM,
    "loinc": LOINC,
    "place-of-service": PLACE_OF_SERVICE,
    "x12-service-type": X12_SERVICE_TYPE,
}
"""The short names that a policy may use; a full URL is accepted too."""

ServiceKey = tuple[str, str]
"""A service for comparison: its system's family and its code in upper case."""


def same_service(one: Coding, other: Coding) -> bool:
    """Tell whether two codings name the same service."""
    return service_keys([one]) == service_keys([other])


def service_keys(services: Iterable[Coding]) -> tuple[ServiceKey, ...]:
    """Return what services are compared by."""
    return tuple([(family(each.system), each.code.upper()) for each in services])


class CodeRange(Struct, frozen=True):
    """Codes from low to high, both included: of one `shape`, where a letter, if any, is the same and digits count."""

    low: str
    high: str
    shape: re.Pattern[str]

    def holds(self, code: str) -> bool:
        """Tell whether an upper-case code is in the range and of its shape."""
        return self.low <= code <= self.high and self.shape.fullmatch(code) is not None


def _range(value: Any) -> CodeRange:
    shape = re.fullmatch(r"([A-Z]?)([0-9]+)([A-Z]?)-\1([0-9]+)\3", value) if isinstance(value, Quoted) else None
    if shape is None or len(shape[2]) != len(shape[4]) or shape[2] >= shape[4]:
        raise ValueError('write a range in quotes, low to high and of one shape, as in "97110-97140"')
    low, high = value.split("-")
    return CodeRange(low, high, re.compile(rf"{shape[1]}\d{{{len(shape[2])}}}{shape[3]}"))


def _system(value: Any) -> str:
    if isinstance(value, str) and re.match(r"https?://|urn:", value):
        return str(value)
    if value not in SYSTEMS:
        raise ValueError(f"name a system by its URL, or as one of {', '.join(SYSTEMS)}")
    return SYSTEMS[value]


System = Annotated[str, BeforeValidator(_system)]
"""A code system, by short name or URL."""


def _upper(codes: frozenset[str]) -> frozenset[str]:
    return frozenset(code.upper() for code in codes)


class CodeSet(Data):
    """Codes and ranges of codes of one system."""

    system: Annotated[System, AfterValidator(family)]
    codes: Annotated[Codes, AfterValidator(_upper)] = frozenset()
    ranges: tuple[Annotated[CodeRange, BeforeValidator(_range)], ...] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.codes and not self.ranges:
            raise ValueError("give `codes` or `ranges`")
        return self

    def includes(self, services: Iterable[ServiceKey]) -> bool:
        """Tell whether one of the services is in the set."""
        for system, code in services:
            if system == self.system and (code in self.codes or self._in_a_range(code)):
                return True
        return False

    def _in_a_range(self, code: str) -> bool:
        for each in self.ranges:  # noqa: SIM110 - asked of every rule for every item, and most have no range
            if each.holds(code):
                return True
        return False


class CodeIndex:
    """A row of code sets, asked at once which of them include a service; None in the row includes every service."""

    def __init__(self, row: Iterable[CodeSet | None]) -> None:
        self._every: list[int] = []
        self._by_code: dict[ServiceKey, list[int]] = {}
        self._by_range: dict[tuple[str, CodeRange], list[int]] = {}
        for place, each in enumerate(row):
            if each is None:
                self._every.append(place)
                continue
            for code in each.codes:
                self._by_code.setdefault((each.system, code), []).append(place)
            for one in each.ranges:
                self._by_range.setdefault((each.system, one), []).append(place)

    def places(self, services: Iterable[ServiceKey]) -> list[int]:
        """Return the places in the row, in order, of the sets that include one of the services."""
        found = set(self._every)
        for service in services:
            found.update(self._by_code.get(service, ()))
            system, code = service
            for (ranged, each), places in self._by_range.items():
                if ranged == system and each.holds(code):
                    found.update(places)
        return sorted(found)


class CodeOf(Data):
    """One code of one system, as `{system: cpt, code: "72148"}`."""

    system: System
    code: Code

    def coding(self) -> Coding:
        """Return the code as the business names it."""
        return Coding(self.system, self.code)
