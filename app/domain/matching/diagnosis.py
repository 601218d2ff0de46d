"""Compare the diagnoses of the line with those of the request, by the mode of the service."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.adjustment_key import AdjustmentKey
from app.domain.datatypes import Coding
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome, listed

_CATEGORY = 3
"""The first characters of an ICD-10 code, which name its category."""


class Diagnosis(Attribute):
    """The diagnosis: the same code, the same category or any, by the payer's mode for the service."""

    name = "diagnosis"
    missing_on_bill = "A mismatch, unless the payer ignores diagnoses."
    reasons = (AdjustmentKey.DIAGNOSIS_DIFFERS, AdjustmentKey.DIAGNOSIS_MISSING)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless one of the line's diagnoses is authorized."""
        mode = sides.modes.diagnosis
        requested = sides.item.requested.diagnoses or sides.authorization.diagnoses
        if mode == "ignore" or not requested:
            return None
        claimed, authorized = (listed(each.code for each in side) for side in (sides.line.diagnoses, requested))
        if not sides.line.diagnoses:
            return self.differs(claimed, authorized, AdjustmentKey.DIAGNOSIS_MISSING)
        length = _CATEGORY if mode == "category" else None
        if mode == "any" or not _codes(sides.line.diagnoses, length).isdisjoint(_codes(requested, length)):
            return None
        return self.differs(claimed, authorized, AdjustmentKey.DIAGNOSIS_DIFFERS)


def _codes(diagnoses: Iterable[Coding], length: int | None) -> frozenset[str]:
    """Return the first characters of the codes, in capitals and without the dot."""
    return frozenset(coding.code.upper().replace(".", "")[:length] for coding in diagnoses)
