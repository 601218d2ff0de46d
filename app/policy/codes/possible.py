"""Refuse codes in a policy that cannot be codes of their systems: a rule with them would never hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from app.codes import valid_npi
from app.domain.coding.one_service import comparable
from app.domain.coding.shapes import modifier_problem, shape_problem
from app.domain.datatypes import Coding
from app.policy.yaml.model import Codes


def possible_codes(system: str, codes: Iterable[str]) -> frozenset[str]:
    """Return the codes as they are compared. Raises ValueError at a code that cannot be a code of the system."""
    codes = frozenset(codes)
    for code in sorted(codes):
        _refuse(shape_problem(Coding(system, code)))
    return frozenset(comparable(system, code) for code in codes)


def possible_modifiers(codes: frozenset[str]) -> frozenset[str]:
    """Return the modifiers in capitals. Raises ValueError at a code that cannot be a modifier."""
    for code in sorted(codes):
        _refuse(modifier_problem(code))
    return frozenset(code.upper() for code in codes)


def _possible_npis(npis: frozenset[str]) -> frozenset[str]:
    for npi in sorted(npis):
        if not valid_npi(npi):
            raise ValueError(f"must be NPIs: `{npi}` is not ten digits with their check digit")
    return npis


Npis = Annotated[Codes, AfterValidator(_possible_npis)]
"""A list of NPIs without duplicates, at least one."""


def _refuse(problem: str | None) -> None:
    if problem is not None:
        raise ValueError(f"must fit the system: {problem.removesuffix('.')}")
