"""The statements of a request that no review looks at, and which its answer repeats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct, field

from app.domain.datatypes import Coding, Period


class Statements(Struct, frozen=True, omit_defaults=True):
    """The statements of a requested item.

    `epsdt`: the service is part of the screening program for children (EPSDT).
    `residential_status`, `level_of_care`: of a nursing home.
    `rate_limit`: the most that a unit of the revenue code may cost.
    `order`: the URL of the order that the item refers to.
    `provider_types`: the X12 98 codes of the care team, by NPI.
    """

    epsdt: bool | None = None
    residential_status: Coding | None = None
    level_of_care: Coding | None = None
    rate_limit: Decimal | None = None
    order: str = ""
    provider_types: Mapping[str, str] = field(default_factory=dict)


class Stay(Struct, frozen=True):
    """The days on which the patient is admitted, and the day of the discharge."""

    admission: Period | None = None
    discharge: date | None = None
