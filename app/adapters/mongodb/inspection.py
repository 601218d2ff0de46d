"""Read the state of a database from the server's answer to `hello` and from the row of its schema."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from app.adapters.mongodb.schema import SCHEMA, refuse_a_standalone
from app.adapters.state import State


def state_of(hello: dict[str, Any], stored: dict[str, Any], term_hash: str) -> State:
    """Return the state. Raises RuntimeError for a standalone server."""
    refuse_a_standalone(hello)
    schema = int(stored.get("schema", 0))
    return State(
        schema=schema,
        is_current=schema == SCHEMA and stored.get("terms") == term_hash,
        durable=True,  # each commit waits for a majority of the replica set
        durability=f"MongoDB has transactions: {hello.get('setName', 'a sharded cluster')}.",
        time=time_of(hello),
    )


def time_of(hello: dict[str, Any]) -> datetime:
    """Return the time of the server's machine."""
    return cast("datetime", hello["localTime"]).replace(tzinfo=UTC)
