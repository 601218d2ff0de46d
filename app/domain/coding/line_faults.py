"""Find the codes of a service line that cannot be codes of their systems. No rule and no authorization covers them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from app.codes import HCPCS, NDC, REVENUE
from app.domain.adjustment_key import AdjustmentKey
from app.domain.coding.one_service import services_problem
from app.domain.coding.shapes import modifier_problem, shape_problem
from app.domain.datatypes import Coding
from app.domain.service_line import ServiceLine


class LineFault(Struct, frozen=True):
    """A code that cannot be right: the element of the line with it, the problem, and the reason of a denial."""

    element: str
    problem: str
    key: AdjustmentKey


def line_faults(line: ServiceLine) -> list[LineFault]:
    """Return the faults of a line's own codes, in order of precedence. A request is rejected, a billed line denied."""
    return list(_faults(line))


def diagnosis_faults(line: ServiceLine) -> list[LineFault]:
    """Return the faults of the diagnoses that a line points to."""
    faults = [
        _of_shape(diagnosis, "diagnosisSequence", AdjustmentKey.DIAGNOSIS_INVALID) for diagnosis in line.diagnoses
    ]
    return [fault for found in faults for fault in found]


def _faults(line: ServiceLine) -> Iterator[LineFault]:
    named = line.services if line.revenue is None else (*line.services, line.revenue)
    several = services_problem(named) if len(named) > 1 else None
    if several is not None:
        yield LineFault("productOrService", several, AdjustmentKey.SEVERAL_SERVICES)
    for service in line.services:
        yield from _of_shape(service, "productOrService", _SERVICE_KEYS.get(service.system, _PROCEDURE))
    if line.service_end is not None:
        yield from _of_shape(line.service_end, SERVICE_END, _SERVICE_KEYS.get(line.service_end.system, _PROCEDURE))
    if line.revenue is not None:
        yield from _of_shape(line.revenue, "revenue", AdjustmentKey.REVENUE_INVALID)
    for modifier in line.modifiers:
        problem = modifier_problem(modifier)
        if problem is not None:
            yield LineFault("modifier", problem, AdjustmentKey.MODIFIER_INVALID)
    if line.place is not None:
        yield from _of_shape(line.place, PLACE, AdjustmentKey.PLACE_INVALID)


def _of_shape(coding: Coding, element: str, key: AdjustmentKey) -> tuple[LineFault, ...]:
    problem = shape_problem(coding)
    return () if problem is None else (LineFault(element, problem, key),)


PLACE = "locationCodeableConcept"
SERVICE_END = "productOrServiceCodeEnd"
"""The name of the PAS extension for the last code of a range."""

_PROCEDURE = AdjustmentKey.PROCEDURE_INVALID
_SERVICE_KEYS = {
    HCPCS: AdjustmentKey.HCPCS_INVALID,
    NDC: AdjustmentKey.DRUG_INVALID,
    REVENUE: AdjustmentKey.REVENUE_INVALID,
}
"""The reason by system for an invalid service code. All other systems have procedure codes."""
