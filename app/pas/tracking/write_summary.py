"""Write the authorizations of a patient as Parameters, one part for each item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.tracking.item_units import ItemUnits
from app.domain.tracking.summary import ItemSummary
from app.fhir.instants import instant
from app.pas.face import payer_reference
from app.pas.parts.write_types import Json, coded, quantity
from app.pas.requests.write_tracking import STEP_TEXTS, written_until


def write_summary(items: Iterable[ItemSummary], *, complete: bool) -> Json:
    """Write the items. `complete` is false if the patient has more requests."""
    written: list[Json] = [{"name": "item", "part": list(_parts(item))} for item in items]
    return {"resourceType": "Parameters", "parameter": [{"name": "complete", "valueBoolean": complete}, *written]}


def _parts(summary: ItemSummary) -> Iterator[Json]:
    authorization, item = summary.authorization, summary.item
    yield from named_item(authorization, item)
    yield {"name": "payer", "valueReference": payer_reference(authorization.payer)}
    yield {"name": "state", "valueCode": summary.state.value}
    yield {"name": "active", "valueBoolean": summary.active}
    if summary.units is not None:
        yield from counted(summary.units)
    for name, day in (("start", summary.start), ("end", summary.end)):
        if day is not None:
            yield {"name": name, "valueDate": day.isoformat()}
    if summary.days_left is not None:
        yield {"name": "days-to-expiry", "valueInteger": summary.days_left}
    if authorization.due is not None:
        yield {"name": "due", "valueDateTime": instant(authorization.due)}
    yield {"name": "next-step", "valueCode": summary.step.step.value}
    yield {"name": "next-step-text", "valueString": STEP_TEXTS[summary.step.step]}
    until = written_until(summary.step)
    if until is not None:
        yield {"name": "next-step-until", "valueDateTime": until}


def named_item(authorization: Authorization, item: AuthorizedItem) -> Iterator[Json]:
    """Write the number, or else the case reference, the answer, and the service of an item."""
    if authorization.number is not None and item.in_force is not None:
        yield {"name": "number", "valueString": authorization.number}
    elif authorization.administration_number is not None:
        yield {"name": "case-reference", "valueString": authorization.administration_number}
    yield {"name": "response", "valueReference": {"reference": f"ClaimResponse/{authorization.id}"}}
    yield {"name": "line", "valueString": item.requested.number}
    granted = item.in_force
    service = None if granted is None else granted.service
    codes = [service] if service is not None else list(item.requested.naming)
    if codes:
        yield {"name": "service", "valueCodeableConcept": {**coded(codes[0]), "text": _words(item)}}


def counted(units: ItemUnits) -> Iterator[Json]:
    """Write the units authorized, used and left, or that there is no limit."""
    for name, value in (("authorized", units.authorized), ("used", units.used), ("left", units.left)):
        if value is not None:
            yield {"name": name, "valueQuantity": quantity(value, units.unit)}
    if units.unlimited:
        yield {"name": "unlimited", "valueBoolean": True}


def _words(item: AuthorizedItem) -> str:
    """Return the service in words: the text of the submitter, else the title of the payer's rule, else the code."""
    codes = item.requested.naming
    display = next((code.display for code in codes if code.display), None)
    criterion = item.decision.criterion
    return display or (criterion.title if criterion is not None else codes[0].code)
