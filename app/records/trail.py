"""The trail: append-only rows about each event of the business, written in the same commit as its change."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from app.audit.access import Actor
from app.domain.authorization import Authorization
from app.fhir.instants import as_instant
from app.ports import Document, Insert

EVENT_KIND = "event"

_encoder = msgspec.json.Encoder()


class Event(Struct, frozen=True):
    """An event in the life of an authorization or a billing claim; `subject` is the id of its ClaimResponse.

    An inquiry has no subject: it is empty. For master data and for a contradicted member, it is the resource's id.
    """

    action: str
    payer: str
    subject: str
    detail: dict[str, Any]


def review_event(action: str, authorization: Authorization, detail: dict[str, Any]) -> Event:
    """Describe an act on a request: each item's action and rule, and the policy version, with more `detail`."""
    described = {
        "policy": authorization.policy.policy,
        "digest": authorization.policy.digest,
        "items": [
            {"line": item.requested.number, "action": item.decision.action, "rule": item.decision.rule}
            for item in authorization.items
        ],
        "errors": [error.code for error in authorization.errors],
        "warnings": [warning.path for warning in authorization.warnings],
        "covered_on_record": authorization.covered_on_record,
    }
    return Event(action, authorization.payer, authorization.id, {**described, **detail})


def event_insert(row_id: str, actor: Actor, event: Event) -> Insert:
    """Record the event. Searches find it by payer and by subject."""
    about = {"payer": event.payer, "subject": event.subject}
    return _insert(EVENT_KIND, row_id, about, {**_act(actor, event.action), **about, **event.detail}, actor.at)


def _act(actor: Actor, action: str) -> dict[str, Any]:
    return {
        "action": action,
        "at": as_instant(actor.at),
        "client": actor.client,
        "organization": actor.organization,
        "role": actor.role,
        **({"user": actor.user} if actor.user else {}),
    }


def _insert(kind: str, row_id: str, about: dict[str, str], body: dict[str, Any], at: str) -> Insert:
    return Insert(Document(kind, row_id, _encoder.encode(body).decode(), tuple(about.items()), at, at))
