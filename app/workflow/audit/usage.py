"""Count the patients whose data went to apps of their choice: the figures of the patient access report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from app.access.reach import PATIENT
from app.audit.access import Outcome
from app.audit.usage import Transfer, Usage, usage
from app.audit.write_event import REST
from app.codes import CLIENT_ID
from app.ports import Documents
from app.records.audit.events import transfers_to_patients


async def usage_of(documents: Documents, payer: str, year: int) -> Usage:
    """Return the figures of a payer for a calendar year in UTC."""
    first, after = (f"{one:04d}-01-01T00:00:00.000000Z" for one in (year, year + 1))
    transfers: list[Transfer] = []
    async for document in transfers_to_patients(documents, payer, first, after):
        event = msgspec.json.decode(document.body)
        if event["outcome"] == Outcome.SUCCESS and event["type"] == REST:
            patients = (value for name, value in document.terms if name == PATIENT)
            transfers += (Transfer(patient, client) for patient in patients for client in _clients(event))
    return usage(payer, year, transfers)


def _clients(event: dict[str, Any]) -> Iterator[str]:
    identifiers = (agent.get("who", {}).get("identifier", {}) for agent in event["agent"])
    yield from (identifier["value"] for identifier in identifiers if identifier.get("system") == CLIENT_ID)
