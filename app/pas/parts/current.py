"""Leave out the identifiers and names that are no longer current.

`use` changes the meaning of both types: old, and for a name maiden, are not current
(http://hl7.org/fhir/R4/datatypes.html#Identifier, #HumanName).
"""

from __future__ import annotations

from datetime import date

from app.fhir.element import Element
from app.fhir.instants import days

_FORMER = frozenset({"old", "maiden"})
_NO_DAY = date.min


def claim_created(claim: Element) -> date:
    """Read the day on which the Claim was created. Its identifiers and names are those of this day."""
    created = claim.days("created")
    return created[0] if created else _NO_DAY


def current(elements: list[Element], day: date) -> list[Element]:
    """Return the Identifiers or HumanNames that are current on the day."""
    return [element for element in elements if is_current(element.fields, day)]


def is_current(fields: dict[str, object], day: date) -> bool:
    """Return whether an Identifier or a HumanName is neither former by its `use` nor ended before the day."""
    if fields.get("use") in _FORMER:
        return False
    period = fields.get("period")
    end = days(period["end"]) if isinstance(period, dict) and "end" in period else None
    return end is None or day <= end[1]
