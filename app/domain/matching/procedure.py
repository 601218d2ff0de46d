"""Compare the codes of the line with the authorized service, range of services or service type."""

from __future__ import annotations

from app.codes import CDT, CPT, ICD_10_PCS, X12_SERVICE_TYPE, canonical, family
from app.domain.adjustment_key import AdjustmentKey
from app.domain.datatypes import Coding
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome, listed
from app.domain.parts.matching_terms import CodeRanges, EqualCodes, Tolerance, TypedCodes, names_any
from app.domain.service_range import covers

Services = tuple[Coding, ...]

PROCEDURES = frozenset({CPT, CDT, ICD_10_PCS})
"""The families of procedure codes. A billed one must be authorized; other codes may only translate the service."""


class Procedure(Attribute):
    """The codes of the service.

    A granted code replaces the requested codes. The codes of every family that both sides name must agree. A billed
    procedure and the end of a billed range must be authorized, too: no review looked at another one. An item
    authorized by its revenue code alone compares the revenue code.
    """

    name = "procedure"
    missing_on_bill = "A mismatch."
    missing_on_authorization = "A mismatch: a service type alone covers the codes that the payer lists for it."
    tolerances = (EqualCodes, TypedCodes)
    reasons = (AdjustmentKey.PROCEDURE_DIFFERS,)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless the line bills the authorized service."""
        line, revenue = sides.line, sides.item.requested.revenue
        authorized, end = _authorized(sides)
        billed = line.services
        if not authorized and revenue is not None:
            authorized, billed = (revenue,), billed if line.revenue is None else (*billed, line.revenue)
        last = line.service_end
        if _agree(authorized, end, billed) and (last is None or _is_covered(authorized, end, last)):
            return None
        claimed_codes, codes = _in_words((billed, last), (authorized, end))
        return self.differs(claimed_codes, codes, AdjustmentKey.PROCEDURE_DIFFERS, _accepted(sides, authorized))


def _accepted(sides: Sides, authorized: Services) -> list[Tolerance]:
    """Return the tolerances under which the authorized service, or its type, covers all codes of the line."""
    types = {coding.code for coding in sides.item.requested.service_types if _is_service_type(coding)}
    accepted: list[Tolerance] = [
        entry
        for entry in sides.tolerated_by(EqualCodes)
        if names_any(entry.authorized, authorized) and _all_in(entry.billed, sides)
    ]
    if not authorized:
        typed = sides.tolerated_by(TypedCodes)
        accepted += [entry for entry in typed if entry.service_type in types and _all_in(entry.billed, sides)]
    return accepted


def _is_service_type(coding: Coding) -> bool:
    return canonical(coding.system) == X12_SERVICE_TYPE


def _all_in(ranges: CodeRanges, sides: Sides) -> bool:
    """Return whether the ranges have a code of the line, all its procedures and the end of its range."""
    line = sides.line
    last = () if line.service_end is None else (line.service_end,)
    must = [code for code in line.services if family(code.system) in PROCEDURES]
    return names_any(ranges, line.services) and all(names_any(ranges, (code,)) for code in (*must, *last))


def _in_words(*sides: tuple[Services, Coding | None]) -> tuple[str, ...]:
    """Return the codes of each side as text, with their systems if the codes alone do not differ."""
    codes = tuple([_range(listed([coding.code for coding in services]), end) for services, end in sides])
    if len(set(codes)) == len(sides):
        return codes
    return tuple([_range(listed([f"{one.code} of {one.system}" for one in services]), end) for services, end in sides])


def _range(codes: str, end: Coding | None) -> str:
    return codes if end is None else f"{codes} to {end.code}"


def _authorized(sides: Sides) -> tuple[Services, Coding | None]:
    granted = sides.item.decision.granted
    replaced = granted is not None and granted.service is not None
    return sides.authorized_services, None if replaced else sides.item.requested.service_end


def _agree(authorized: Services, end: Coding | None, billed: Services) -> bool:
    """Return whether both sides name a family.

    In that family, every billed code must be authorized, and so must every billed procedure.
    """
    agreed = False
    for code in billed:
        alike = [start for start in authorized if family(start.system) == family(code.system)]
        compared = alike or family(code.system) in PROCEDURES
        if compared and not any(covers(start, end, code) for start in alike):
            return False
        agreed = agreed or bool(alike)
    return agreed


def _is_covered(authorized: Services, end: Coding | None, code: Coding) -> bool:
    return any(covers(start, end, code) for start in authorized)
