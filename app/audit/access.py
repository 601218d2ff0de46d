"""Describe an access to patient data: the actor, the interaction, the resources and the outcome."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from app.access.grant import Role
from app.fhir.instants import sortable


class Interaction(StrEnum):
    """The kind of an access, by FHIR's codes (http://hl7.org/fhir/R4/valueset-type-restful-interaction.html)."""

    READ = "read"
    VREAD = "vread"
    INSTANCE_HISTORY = "history-instance"
    SEARCH = "search-type"
    TYPE_HISTORY = "history-type"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Outcome(StrEnum):
    """The outcome of an access, by FHIR's codes (http://hl7.org/fhir/R4/valueset-audit-event-outcome.html)."""

    SUCCESS = "0"
    NOT_FOUND = "4"
    DENIED = "8"


class Origin(Struct, frozen=True):
    """Where a request came from: its id, the address of the sender, and the base URL that it was sent to."""

    request_id: str = ""
    address: str = ""
    base: str = ""


class Actor(Struct, frozen=True):
    """A client that acts, for an organization or as staff of a payer. `at` is the time, as `sortable` text.

    Without a valid token, `client` is None. `user` is the person who signed in, `token` the id of the token (`jti`).
    """

    at: str
    client: str | None
    organization: str | None = None
    role: Role | None = None
    user: str = ""
    token: str = ""
    origin: Origin = Origin()


def server_actor(now: datetime) -> Actor:
    """Return the server itself, which acts without a call of a client."""
    return Actor(sortable(now), None)


class Access(Struct, frozen=True, kw_only=True):
    """An access to the data of one patient, or of none.

    `payers` are the payers whose auditors see the event. `resources` are local references, the main one first. A search
    has `query` instead. `operation` is the FHIR operation, such as `$submit`. `reason` says why the access failed.
    """

    interaction: Interaction
    payers: tuple[str, ...]
    patient: str = ""
    resources: tuple[str, ...] = ()
    query: str = ""
    operation: str = ""
    outcome: Outcome = Outcome.SUCCESS
    reason: str = ""
