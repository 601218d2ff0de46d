"""Write the facts of a review by which a search finds the stored answer and the Task.

The extensions are ours, so they are in the stored answer and in the Task only. The due time is there while an item is
pended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.codes import OPEN_ENDED, REQUESTED_SERVICE, REVIEW_DUE, REVIEW_PRIORITY, UNITS_LOW
from app.domain.authorization import Authorization
from app.domain.due.reminders import is_low
from app.fhir.instants import instant
from app.pas.parts.write_types import Json, extension

_PRIORITIES = {"U": "urgent", "03": "stat", "stat": "stat"}
"""FHIR priorities by X12 1338 level of service and FHIR processpriority. Others are routine."""


def priority(authorization: Authorization) -> str:
    """Return the FHIR priority of a request."""
    return _PRIORITIES.get(authorization.urgency or "", "routine")


def review_extensions(authorization: Authorization) -> list[Json]:
    """Write the due time, the priority and the requested services of a request."""
    due = [] if authorization.due is None else [extension(REVIEW_DUE, valueInstant=instant(authorization.due))]
    return [
        *due,
        extension(REVIEW_PRIORITY, valueCode=priority(authorization)),
        *service_extensions(authorization),
        *_grant_extensions(authorization),
    ]


def _grant_extensions(authorization: Authorization) -> Iterator[Json]:
    """Mark a grant without a last day, by the last day of the calendar, and one with few units left."""
    granted = [(item, item.in_force.period) for item in authorization.items if item.in_force is not None]
    if any(period.end is None for _, period in granted):
        yield extension(OPEN_ENDED, valueDate=date.max.isoformat())
    if any(is_low(item, authorization) for item, _ in granted):
        yield extension(UNITS_LOW, valueBoolean=True)


def service_extensions(authorization: Authorization) -> list[Json]:
    """Write the codes of the requested services, each once."""
    codes = dict.fromkeys((code.system, code.code) for item in authorization.items for code in item.requested.naming)
    codings = [{"system": system, "code": code} if system else {"code": code} for system, code in codes]
    return [extension(REQUESTED_SERVICE, valueCoding=coding) for coding in codings]
