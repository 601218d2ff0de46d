"""What happened, and who looked: append-only rows, written in the commit of what they tell about."""

from __future__ import annotations

from typing import Any

import msgspec

from app.access.grant import Role
from app.fhir.instants import as_instant
from app.ports import Document, Insert

EVENT_KIND = "event"
ACCESS_KIND = "access"

_encoder = msgspec.json.Encoder()


class Act(msgspec.Struct, frozen=True):
    """Who did what, and when, as `sortable` text: the client, and the organization or role it acted for."""

    action: str
    at: str
    client: str
    organization: str | None
    role: Role


def event(row_id: str, act: Act, *, payer: str, subject: str, detail: dict[str, Any]) -> Insert:
    """Note an event in the life of an authorization or a billing claim, `subject` being its ClaimResponse's id.

    An inquiry is about none: its `subject` is empty. A contradiction of a member's record is about its Patient.
    """
    return _row(EVENT_KIND, row_id, act, {"payer": payer, "subject": subject}, detail)


def access(row_id: str, act: Act, *, payer: str, patient: str) -> Insert:
    """Note a disclosure: whose record was read or written, by whom."""
    return _row(ACCESS_KIND, row_id, act, {"payer": payer, "patient": patient}, {})


def _row(kind: str, row_id: str, act: Act, about: dict[str, str], detail: dict[str, Any]) -> Insert:
    body = {
        "action": act.action,
        "at": as_instant(act.at),
        "client": act.client,
        "organization": act.organization,
        "role": act.role,
        **about,
        **detail,
    }
    return Insert(Document(kind, row_id, _encoder.encode(body).decode(), tuple(about.items()), act.at, act.at))
