"""What a caller's token grants: who they are, and what they may do."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class InvalidToken(Exception):  # noqa: N818 - what the caller sent, not what we did
    """The token is not one of ours, or no longer good. The text is for the caller and names no secret."""


class Role(StrEnum):
    """What a principal is to the payer."""

    PROVIDER = "provider"
    PATIENT = "patient"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Grant(Struct, frozen=True):
    """A verified principal.

    `organization` owns what the client submits; `npis` are the provider numbers that organization may speak for.
    `patient` is the id of the Patient a patient token is for, or `member` the payer and the member id where the issuer
    does not know the id. `payers` bounds staff (reviewer, admin) to the payers they work for.
    """

    client: str
    role: Role
    organization: str | None = None
    npis: frozenset[str] = frozenset()
    patient: str | None = None
    member: tuple[str, str] | None = None
    payers: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()

    def for_patient(self, patient: str) -> Grant:
        """Return the same grant, for the Patient of that id."""
        return replace(self, patient=patient)
