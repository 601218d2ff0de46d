"""Write the units of an authorization as Parameters (http://hl7.org/fhir/R4/parameters.html)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.domain.authorization import Authorization
from app.domain.balances.remaining import PeriodUnits, Remaining
from app.domain.units import Unit
from app.fhir.instants import instant
from app.pas.parts.write_types import Json, coded, period, quantity

_NONE = Decimal(0)


def write_units(authorization: Authorization, items: Iterable[Remaining], now: datetime) -> Json:
    """Write the authorization number, the time, and the units of each item."""
    head = [] if authorization.number is None else [_value("number", valueString=authorization.number)]
    head.append(_value("as-of", valueInstant=instant(now)))
    return {"resourceType": "Parameters", "parameter": [*head, *(_item(units) for units in items)]}


def _item(units: Remaining) -> Json:
    requested, unit = units.item.requested, units.unit
    service = requested.services[0] if requested.services else requested.revenue
    parts = [_value("item", valueString=requested.number)]
    if service is not None:
        parts.append(_value("service", valueCodeableConcept=coded(service)))
    if units.period is not None:
        parts.append(_value("period", valuePeriod=period(units.period)))
    parts += _counted("authorized", units.authorized, unit)
    parts += _counted("reserved", _NONE, unit)
    parts += _counted("used", units.used, unit)
    parts += _counted("remaining", units.remaining, unit)
    parts += _counted("usable", units.usable, unit)
    if units.authorized is None:
        parts.append(_value("unlimited", valueBoolean=True))
    if units.cap is not None:
        parts += _counted("cap", units.cap.units, unit)
        parts.append(_value("cap-per", valueCode=units.cap.per.value))
    parts += [_in_period(units_of_period, unit) for units_of_period in units.periods]
    return {"name": "item", "part": parts}


def _in_period(units: PeriodUnits, unit: Unit | None) -> Json:
    parts = [_value("period", valuePeriod=period(units.period))]
    parts += [*_counted("used", units.used, unit), *_counted("remaining", units.remaining, unit)]
    return {"name": "in-period", "part": parts}


def _counted(name: str, value: Decimal | None, unit: Unit | None) -> list[Json]:
    return [] if value is None else [_value(name, valueQuantity=quantity(value, unit))]


def _value(name: str, **value: Any) -> Json:
    return {"name": name, **value}
