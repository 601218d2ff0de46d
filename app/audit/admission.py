"""Describe an act of the authorization server, which shows no patient data: a token, a login, a launch."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from app.audit.access import Outcome


class Admits(StrEnum):
    """The acts of the authorization server that leave an event."""

    TOKEN = "token"  # noqa: S105 - a name
    INTROSPECTION = "introspection"
    REVOCATION = "revocation"
    LOGIN = "login"
    LAUNCH = "launch"


class Admission(Struct, frozen=True, kw_only=True):
    """An act of the authorization server, for its actor. `payers` are the payers whose auditors see the event.

    `claimed_client` and `claimed_user` are registered ids that a refused caller named without a proof. `patient` is the
    id of the Patient in context. `reason` says why the act was refused.
    """

    act: Admits
    payers: tuple[str, ...]
    claimed_client: str = ""
    claimed_user: str = ""
    patient: str = ""
    outcome: Outcome = Outcome.SUCCESS
    reason: str = ""
