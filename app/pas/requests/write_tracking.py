"""Write the progress of each item for apps: its units, the documents wanted, the reason of a denial, the next step.

The extensions are ours, so they are in the stored answer only. The answer to the submitter has the words as notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from app.codes import AUTHORIZED_UNITS, CARC, DECIDED, DENIAL_REASON, DOCUMENT_WANTED, LOINC, NEXT_STEP, PERIOD_CAP
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.parts.period_cap import CapPeriod
from app.domain.tracking.item_units import ItemUnits, units_of
from app.domain.tracking.next_step import NextStep, Step, next_step
from app.domain.units import Unit
from app.fhir.instants import instant
from app.pas.parts.write_types import BELOW, SEQUENCES, Json, concept, extension, quantity

STEP_TEXTS = {
    Step.WAIT: "Wait for the decision.",
    Step.SEND_DOCUMENTS: "Send the documents that the payer asks for.",
    Step.BILL: "Put the authorization number on the claim.",
    Step.BILL_WITHOUT: "Bill without an authorization number.",
    Step.EXTEND: "Request an extension. No units are left.",
    Step.APPEAL: "Appeal the decision, or send a new request with new facts.",
    Step.REQUEST: "Send a new request if the service is still needed.",
    Step.CONTACT: "Contact the organization that decides for the payer.",
}

_OPEN = frozenset({ReviewAction.PENDED, ReviewAction.FORWARDED})
_DENIED = frozenset({ReviewAction.NOT_CERTIFIED, ReviewAction.MODIFIED})

DENIED_ON_REQUEST = "39"
"""The CARC for a service that the payer denied when its authorization was requested."""


def tracked(items: list[Json], authorization: Authorization) -> list[Json]:
    """Return the answers to the items, and to their details, with the extensions that follow their progress."""
    by_path = {item.requested.path: item for item in authorization.items}
    return [_tracked(written, (), by_path, authorization) for written in items]


def _tracked(
    written: Json, above: tuple[int, ...], by_path: dict[tuple[int, ...], AuthorizedItem], authorization: Authorization
) -> Json:
    depth = len(above)
    path = (*above, written[SEQUENCES[depth]])
    item = by_path.get(path)
    own = [] if item is None else list(_extensions(item, authorization))
    whole = {**written, "extension": [*written.get("extension", []), *own]} if own else written
    below = BELOW[depth] if depth < len(BELOW) else ""
    if below not in written:
        return whole
    return {**whole, below: [_tracked(inner, path, by_path, authorization) for inner in written[below]]}


def _extensions(item: AuthorizedItem, authorization: Authorization) -> Iterator[Json]:
    units = units_of(item)
    if units is not None:
        yield written_units(units)
    yield from _cap(item)
    yield from documents_wanted(item.decision)
    if item.decision.action not in _OPEN:
        yield extension(DECIDED, valueDate=item.decision.decided.isoformat())
    carc = _denial(item.decision)
    if carc is not None:
        yield extension(DENIAL_REASON, valueCodeableConcept=concept(CARC, carc))
    yield written_step(next_step(item, authorization))


def written_units(units: ItemUnits) -> Json:
    """Write the units of an item. A grant without a limit has only the units used, and the mark `unlimited`."""
    counted = {"authorized": units.authorized, "used": units.used, "left": units.left}
    parts = [
        extension(name, valueQuantity=_quantity(value, units.unit))
        for name, value in counted.items()
        if value is not None
    ]
    if units.unlimited:
        parts.append(extension("unlimited", valueBoolean=True))
    return extension(AUTHORIZED_UNITS, extension=parts)


def _cap(item: AuthorizedItem) -> Iterator[Json]:
    """Write the most units of the grant in each day, week or month."""
    cap = None if item.granted is None else item.granted.cap
    if cap is None:
        return
    parts = [extension("units", valueDecimal=cap.units), extension("per", valueCode=cap.per.value)]
    if cap.per is CapPeriod.WEEK:
        parts.append(extension("week-starts", valueCode=cap.week_starts.value))
    yield extension(PERIOD_CAP, extension=parts)


def documents_wanted(decision: ItemDecision) -> Iterator[Json]:
    """Write each document that the payer still needs for a decision."""
    for document in decision.ask_for if decision.action is ReviewAction.PENDED else ():
        if isinstance(document, str):
            yield extension(DOCUMENT_WANTED, valueCodeableConcept=concept(LOINC, document))
        else:
            yield extension(DOCUMENT_WANTED, valueCodeableConcept={**concept(*document.type), "text": document.name})


def written_step(step: NextStep) -> Json:
    """Write the next step: its code, its text, and its last day or its time."""
    parts = [extension("step", valueCode=step.step.value), extension("text", valueString=STEP_TEXTS[step.step])]
    until = written_until(step)
    if until is not None:
        parts.append(extension("until", valueDateTime=until))
    return extension(NEXT_STEP, extension=parts)


def written_until(step: NextStep) -> str | None:
    """Write the last day or the time of a step as a dateTime; None if the record gives none."""
    if step.until is None:
        return None
    return instant(step.until) if isinstance(step.until, datetime) else step.until.isoformat()


def _denial(decision: ItemDecision) -> str | None:
    """Return the CARC of a denial, in whole or in part."""
    if decision.action not in _DENIED:
        return None
    known = next((reason.carc for reason in decision.reasons if reason.carc is not None), None)
    return DENIED_ON_REQUEST if known is None and decision.action is ReviewAction.NOT_CERTIFIED else known


def _quantity(value: Decimal, unit: Unit | None) -> Json:
    return quantity(value.normalize() if value == value.to_integral_value() else value, unit)
