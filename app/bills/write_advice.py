"""Write what the biller can do about a claim line that is not paid in full, as our extension adjudication-detail."""

from __future__ import annotations

from app.codes import ADJUDICATION_DETAIL
from app.domain.billing import Advice, Difference
from app.pas.parts.write_types import Json, extension


def write_advice(advice: Advice) -> Json:
    """Write the action as a code, its last day, the units left, and each attribute that differs."""
    parts = [extension("action", valueCode=advice.action.value)]
    if advice.until is not None:
        parts.append(extension("until", valueDate=advice.until.isoformat()))
    if advice.units_left is not None:
        parts.append(extension("units-remaining", valueDecimal=advice.units_left))
    parts += map(_difference, advice.differences)
    return extension(ADJUDICATION_DETAIL, extension=parts)


def _difference(difference: Difference) -> Json:
    parts = [
        extension("attribute", valueCode=difference.attribute.replace(" ", "-")),
        extension("claimed", valueString=difference.claimed),
        extension("authorized", valueString=difference.authorized),
    ]
    return extension("difference", extension=parts)
