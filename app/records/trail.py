"""What happened, and who looked: append-only rows, written in the commit of what they tell about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.fhir.instants import instant, sortable
from app.ports import Document, Insert

EVENT_KIND = "event"
ACCESS_KIND = "access"


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what, and when: the client, and the organisation or role it acted for."""

    action: str
    at: datetime
    client: str
    organisation: str | None
    role: str


def event(row_id: str, act: Act, *, payer: str, subject: str, detail: dict[str, Any]) -> Insert:
    """Note an event in the life of an authorization or a billing claim, `subject` being its ClaimResponse's id.

    An inquiry is about none: its `subject` is empty.
    """
    return _row(EVENT_KIND, row_id, act, {"payer": payer, "subject": subject}, detail)


def access(row_id: str, act: Act, *, payer: str, patient: str) -> Insert:
    """Note a disclosure: whose record was read or written, by whom."""
    return _row(ACCESS_KIND, row_id, act, {"payer": payer, "patient": patient}, {})


def _row(kind: str, row_id: str, act: Act, about: dict[str, str], detail: dict[str, Any]) -> Insert:
    who = {"client": act.client, "organisation": act.organisation, "role": act.role}
    body = {"action": act.action, "at": instant(act.at), **who, **about, **detail}
    moment = sortable(act.at)
    return Insert(Document(kind, row_id, msgspec.json.encode(body).decode(), tuple(about.items()), moment, moment))
