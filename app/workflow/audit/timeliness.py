"""Count the decisions of a payer in a year, and those that came after they were due."""

from __future__ import annotations

from msgspec import Struct

from app.domain.parts.due_act import ActName
from app.ports import Documents
from app.records.trail import reviews_of


class Timeliness(Struct, frozen=True):
    """The figures of a payer and a year: items decided, items decided late, and requests whose time ended first."""

    decided: int = 0
    late: int = 0
    breached: int = 0


async def timeliness_of(documents: Documents, payer: str, year: int) -> Timeliness:
    """Return the figures of a payer for a calendar year in UTC, by the day of the decision."""
    first, after = (f"{one:04d}-01-01T00:00:00.000000Z" for one in (year, year + 1))
    decided = late = breached = 0
    async for act in reviews_of(documents, payer, first, after):
        answers = [step for step in act.items if step.is_answer]
        decided += len(answers)
        late += sum(step.late for step in answers)
        breached += act.action == ActName.BREACHED
    return Timeliness(decided, late, breached)
