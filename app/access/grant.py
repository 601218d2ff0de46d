"""Describe a verified caller: identity, role and scopes."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class InvalidToken(Exception):  # noqa: N818 - it describes the caller's token, not an error of the server
    """The token was not issued for this server, or is no longer valid. The text goes to the caller without secrets."""


class Role(StrEnum):
    """The role of a caller towards the payer."""

    PROVIDER = "provider"
    PATIENT = "patient"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Grant(Struct, frozen=True):
    """The identity and the rights that a token proves.

    `organization` owns the requests that the client submits, and may use `npis`. The token of a patient has `patient`,
    the id of the Patient, or `member`, the payer's name and the member id, if the issuer does not know the Patient's
    id. Staff (reviewer, admin) work for `payers` only.
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
        """Return the grant with the id of the Patient."""
        return replace(self, patient=patient)
