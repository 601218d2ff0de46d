"""Write the numbers that a claim may carry for a service, the first to use first."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.matching.candidate import Candidate
from app.domain.tracking.item_units import units_of
from app.pas.parts.write_types import Json
from app.pas.tracking.write_summary import counted, named_item


def write_usable(candidates: Sequence[Candidate]) -> Json:
    """Write the number to put on the claim, and each item that the claim may draw on; empty if there is none."""
    numbers = [candidate.authorization.number for candidate in candidates]
    first: list[Json] = [{"name": "number", "valueString": numbers[0]}] if numbers else []
    found: Json = {"name": "found", "valueBoolean": bool(candidates)}
    return {"resourceType": "Parameters", "parameter": [found, *first, *map(_item, candidates)]}


def _item(candidate: Candidate) -> Json:
    granted, units = candidate.item.in_force, units_of(candidate.item)
    parts = list(named_item(candidate.authorization, candidate.item))
    parts += [] if units is None else counted(units)
    if granted is not None:
        days = (("start", granted.period.start), ("end", granted.period.end))
        parts += [{"name": name, "valueDate": day.isoformat()} for name, day in days if day is not None]
    return {"name": "item", "part": parts}
