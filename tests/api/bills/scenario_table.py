"""Read parties.yaml and the families of scenarios strictly: an unknown key or a code without quotes is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from tests.api.bills.played.rows import Bill, Line, Request, Row, Who
from tests.api.bills.played.story import Scenario

__all__ = ["Bill", "Line", "Scenario", "table"]

PARTIES = Path(__file__).with_name("parties.yaml")
FAMILIES = sorted(Path(__file__).with_name("scenarios").glob("*.yaml"))


class Parties(Row, frozen=True):
    who: Who
    authorizations: dict[str, Request]


class Table(Parties, frozen=True):
    scenarios: tuple[Scenario, ...]


@cache
def table() -> Table:
    parties = msgspec.convert(_read(PARTIES), Parties)
    rows = [row for family in FAMILIES for row in msgspec.convert(_read(family), tuple[Scenario, ...])]
    return Table(parties.who, parties.authorizations, tuple(rows))


def _read(file: Path) -> Any:
    return YAML(typ="safe", pure=True).load(file)
