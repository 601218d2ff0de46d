"""What the trail keeps of a call: one event, whoever it was about."""

from __future__ import annotations

import msgspec

from app.records.decision_log.terms import EVENT_KIND
from tests.api.reading import Json
from tests.api.refusing import everything
from tests.support.server import Server


def trail(server: Server, subject: str) -> Json:
    """Return the one event about a ClaimResponse of this id; about none, where it is empty."""
    [event] = events(server, subject)
    return event


def events(server: Server, subject: str) -> list[Json]:
    """Return all events about a ClaimResponse of this id."""
    rows = (msgspec.json.decode(row.body) for (kind, _), row in everything(server).items() if kind == EVENT_KIND)
    return [dict(row) for row in rows if row["subject"] == subject]
