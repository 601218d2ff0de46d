"""Read scenarios.yaml strictly: an unknown key or a code without quotes is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

TABLE = Path(__file__).with_name("scenarios.yaml")


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A mapping of the table."""


class Clinic(Row, frozen=True):
    npi: str
    tin: str | None = None


class Who(Row, frozen=True):
    payers: dict[str, str]
    clinics: dict[str, Clinic]
    providers: dict[str, str]


class Service(Row, frozen=True):
    """A service with its circumstances. The place `any` means that the place is omitted."""

    service: str
    units: Decimal
    unit: str | None = None
    modifiers: tuple[str, ...] = ()
    place: str = "11"
    diagnosis: str = "M54.50"


class Asked(Service, frozen=True, kw_only=True):
    """An item of a request. `answer` is the review action; `granted` are the granted units, from `from_` to `to`.

    `saw` are the facts of the line that the review looked at.
    """

    saw: str

    answer: str = "A1"
    granted: Decimal | None = None
    up_to: str | None = None
    from_: date | None = msgspec.field(name="from", default=None)
    to: date | None = None


class Request(Row, frozen=True):
    items: tuple[Asked, ...]
    member: str = "M001"
    payer: str = "P1"
    clinic: str = "T1"
    providers: tuple[str, ...] = ("A",)


class Line(Service, frozen=True, kw_only=True):
    """A claim line. The service is on the day `on`, or from `on` to `to`."""

    on: date
    to: date | None = None
    provider: str = "A"
    number: str | None = None


class Bill(Row, frozen=True):
    lines: tuple[Line, ...]
    number: str | None = None
    member: str = "M001"
    payer: str = "P1"
    clinic: str = "T1"


class Expected(Row, frozen=True):
    """The answer to a line. For unpaid units it has the group and CARC, the RARCs and the row of reasons.yaml."""

    paid: Decimal
    why: str | None = None
    remarks: tuple[str, ...] = ()
    reason: str | None = None
    note: str | None = None


class Scenario(Row, frozen=True):
    """One scenario.

    `on_file` are registered members. A reviewer has granted the requests `approved`. Earlier bills have drawn `used`
    units of the first item; `left` are its units left at the end.
    """

    id: str
    says: str
    bill: Bill
    answer: tuple[Expected, ...]
    on_file: tuple[str, ...] = ()
    payer_says: dict[str, str] = {}
    given: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    used: dict[str, int] = {}
    left: dict[str, Decimal] = {}


class Table(Row, frozen=True):
    who: Who
    authorizations: dict[str, Request]
    scenarios: tuple[Scenario, ...]


@cache
def table() -> Table:
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(TABLE)
    return msgspec.convert(content, Table)
