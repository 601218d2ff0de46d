"""Read which billed lines are emergencies: they need no authorization number and no network."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from app.codes import REVENUE, family
from app.domain.billing import BilledLine
from app.domain.coding.shapes import shape_problem
from app.domain.datatypes import Coding
from app.domain.matching.level_of_care import is_room
from app.domain.parts.line_plan import Emergency
from app.policy.billing.term import Term
from app.policy.conditions.diagnosis import Diagnoses
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes


def _revenues(codes: frozenset[str]) -> frozenset[str]:
    for code in sorted(codes):
        problem = shape_problem(Coding(REVENUE, code))
        if problem is not None:
            raise ValueError(f"must be revenue codes: {problem.removesuffix('.')}")
    return codes


class Emergencies(Term):
    """The signs of an emergency: a place of service, a revenue code, or the type of admission. One is enough.

    `not_emergent`: the diagnoses for which the payer counts a line as no emergency, if the line has no other diagnosis.
    """

    places: Codes = frozenset({"23"})
    revenues: Annotated[Codes, AfterValidator(_revenues)] = frozenset(f"045{last}" for last in range(10))
    admissions: Codes = frozenset({"1"})
    not_emergent: Diagnoses | None = None

    def emergency(self, facts: LineFacts, line: BilledLine, admission: str | None) -> Emergency:
        """Return whether a line is an emergency. `admission` is the type of admission on the claim."""
        if not self.holds(facts) or not self._is_given_as_one(line, admission):
            return Emergency.NO
        listed = [] if self.not_emergent is None else [self.not_emergent.includes(each) for each in line.diagnoses]
        if self.not_emergent is not None and not listed:
            return Emergency.NO
        return Emergency.NOT_EMERGENT if listed and all(listed) else Emergency.YES

    def _is_given_as_one(self, line: BilledLine, admission: str | None) -> bool:
        codings = line.services if line.revenue is None else (*line.services, line.revenue)
        revenues = [coding for coding in codings if family(coding.system) == REVENUE]
        if not self.revenues.isdisjoint(coding.code for coding in revenues):
            return True
        # The days of a stay are no emergency service.
        if any(map(is_room, revenues)):
            return False
        return admission in self.admissions or (line.place is not None and line.place.code in self.places)
