"""Sets of codes in a policy, and the short names of their systems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Self

from msgspec import Struct
from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator, model_validator

from app.codes import (
    CDT,
    CPT,
    HCPCS,
    ICD_10_CM,
    ICD_10_PCS,
    LOINC,
    NDC,
    PLACE_OF_SERVICE,
    REVENUE,
    RXNORM,
    X12_SERVICE_TYPE,
    canonical,
    family,
)
from app.domain.coding.one_service import comparable
from app.domain.datatypes import Coding
from app.policy.codes.code_span import CodeSpan, number_of, shape_of
from app.policy.codes.possible import possible_codes
from app.policy.yaml.model import Code, Codes, Data
from app.policy.yaml.text import Quoted

SYSTEMS = {
    "cdt": CDT,
    "cpt": CPT,
    "hcpcs": HCPCS,
    "icd-10-cm": ICD_10_CM,
    "icd-10-pcs": ICD_10_PCS,
    "loinc": LOINC,
    "ndc": NDC,
    "place-of-service": PLACE_OF_SERVICE,
    "revenue": REVENUE,
    "rxnorm": RXNORM,
    "x12-service-type": X12_SERVICE_TYPE,
}
"""The short names of code systems in a policy. A policy may use a full URL instead."""

ServiceKey = tuple[str, str]
"""A service for comparison: the family of its system and its code, in capitals and in one form."""


def service_keys(services: Sequence[Coding]) -> tuple[ServiceKey, ...]:
    """Return the keys by which services are compared."""
    systems = [family(service.system) for service in services]
    return tuple([(system, comparable(system, one.code)) for system, one in zip(systems, services, strict=True)])


class CodeRange(Struct, frozen=True):
    """Codes from `low` to `high`, both included. `shape` matches codes with the same letters and number of digits."""

    low: str
    high: str
    shape: re.Pattern[str]

    def holds(self, code: str) -> bool:
        """Return whether an upper-case code is in the range and has its shape."""
        return self.low <= code <= self.high and self.shape.fullmatch(code) is not None


def _range(value: Any) -> CodeRange:
    shape = re.fullmatch(r"([A-Z]?)([0-9]+)([A-Z]?)-\1([0-9]+)\3", value) if isinstance(value, Quoted) else None
    if shape is None or len(shape[2]) != len(shape[4]) or shape[2] >= shape[4]:
        raise ValueError('must be ranges in quotes, from low to high and with one shape, such as "97110-97140"')
    low, high = value.split("-")
    return CodeRange(low, high, re.compile(rf"{shape[1]}\d{{{len(shape[2])}}}{shape[3]}"))


def _system(value: Any) -> str:
    if isinstance(value, str) and re.match(r"https?://|urn:", value):
        return canonical(str(value))
    if value not in SYSTEMS:
        raise ValueError(f"must be a URL or one of {', '.join(SYSTEMS)}")
    return SYSTEMS[value]


System = Annotated[str, BeforeValidator(_system)]
"""A code system, given by its short name or URL."""


class CodeSet(Data):
    """Codes and ranges of codes in one system."""

    system: Annotated[System, AfterValidator(family)]
    codes: Codes = frozenset()
    ranges: tuple[Annotated[CodeRange, BeforeValidator(_range)], ...] = ()

    @field_validator("codes")
    @classmethod
    def _possible(cls, codes: frozenset[str], info: ValidationInfo) -> frozenset[str]:
        return possible_codes(info.data.get("system", ""), codes)

    @field_validator("ranges")
    @classmethod
    def _possible_ends(cls, ranges: tuple[CodeRange, ...], info: ValidationInfo) -> tuple[CodeRange, ...]:
        possible_codes(info.data.get("system", ""), (end for codes in ranges for end in (codes.low, codes.high)))
        return ranges

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.codes and not self.ranges:
            raise ValueError("must have `codes` or `ranges`")
        return self

    @property
    def in_order(self) -> tuple[str, ...]:
        """The codes and ranges as sorted texts."""
        return tuple(sorted([*self.codes, *(f"{codes.low}-{codes.high}" for codes in self.ranges)]))

    def includes(self, services: Iterable[ServiceKey]) -> bool:
        """Return whether at least one of the services is in the set."""
        for system, code in services:
            if system == self.system and (code in self.codes or self._in_a_range(code)):
                return True
        return False

    def over(self, span: CodeSpan) -> bool | None:
        """Return whether all codes of a span are in the set. None: a part of them is. The span must not be empty."""
        if span.system != self.system:
            return False
        covered, touched = span.first - 1, False
        for low, high in sorted(self._numbers(span.shape)):
            if high < span.first or span.last < low:
                continue
            touched = True
            if low > covered + 1:
                return None
            covered = max(covered, high)
        return None if touched and covered < span.last else touched

    def _numbers(self, shape: str) -> Iterator[tuple[int, int]]:
        """Return the set's codes of a shape as ranges of numbers."""
        yield from ((number_of(code), number_of(code)) for code in self.codes if shape_of(code) == shape)
        ranges = [codes for codes in self.ranges if shape_of(codes.low) == shape]
        yield from ((number_of(codes.low), number_of(codes.high)) for codes in ranges)

    def _in_a_range(self, code: str) -> bool:
        for codes in self.ranges:  # noqa: SIM110 - runs for every rule and item, and most sets have no range
            if codes.holds(code):
                return True
        return False


class CodeOf(Data):
    """One code of one system, such as `{system: cpt, code: "72148"}`."""

    system: System
    code: Code

    @field_validator("code")
    @classmethod
    def _possible(cls, code: str, info: ValidationInfo) -> str:
        possible_codes(info.data.get("system", ""), [code])
        return code

    def coding(self) -> Coding:
        """Return the code as a Coding of the domain."""
        return Coding(self.system, self.code)
