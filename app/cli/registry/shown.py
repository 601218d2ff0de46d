"""Show registered rows: as tables, and as JSON without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.access.registry import Client, Organization, User

Registered = Organization | Client | User

_HIDDEN = frozenset({"secrets", "password", "previous", "commanded"})
_WIDE = 160
"""The width of tables that do not go to a terminal."""

_COLUMNS: dict[type, tuple[str, ...]] = {
    Organization: ("id", "name", "npis", "tins", "sender_ids"),
    Client: ("key", "name", "role", "organizations", "payers", "auth"),
    User: ("id", "name", "role", "organizations", "payers", "member"),
}


def shown(row: Registered) -> dict[str, Any]:
    """Return a row as JSON values. Of hashes it says only whether there are some."""
    values = {name: value for name, value in msgspec.to_builtins(row).items() if name not in _HIDDEN}
    values |= {"source": row.source.value, "disabled": row.disabled}
    if isinstance(row, Client):
        values |= {"grants": [grant.value for grant in row.grants], "auth": row.auth.value}
        values |= {"has_secret": bool(row.secrets)}
        values |= {"previous_valid_until": row.previous.until} if row.previous else {}
    if isinstance(row, User):
        values |= {"has_password": bool(row.password)}
    return values


def print_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(msgspec.json.encode(value).decode())


def print_table(rows: Sequence[Registered], type_: type) -> None:
    """Print rows of one kind as a table."""
    columns = _COLUMNS[type_]
    table = Table(*(column.replace("_", " ") for column in columns), "source", "state")
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = True
    for row in rows:
        values = [_text(getattr(row, column)) for column in columns]
        table.add_row(*map(escape, values), row.source.value, "disabled" if row.disabled else "enabled")
    Console(width=None if Console().is_terminal else _WIDE).print(table)


def print_row(row: Registered) -> None:
    """Print all values of a row, one a line."""
    for name, value in shown(row).items():
        typer.echo(f"{name}: {_text(value)}")


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value or "")
