"""Describe a verified caller: identity, role and scopes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class InvalidToken(Exception):  # noqa: N818 - it describes the caller's token, not an error of the server
    """The token was not issued for this server, or is no longer valid. The text goes to the caller without secrets."""


class Role(StrEnum):
    """The role of a caller towards the payer."""

    PROVIDER = "provider"
    BILLER = "biller"
    PATIENT = "patient"
    REVIEWER = "reviewer"
    PHYSICIAN = "physician"
    AUDITOR = "auditor"
    ADMIN = "admin"


OF_PROVIDERS = frozenset({Role.PROVIDER, Role.BILLER})
"""The roles that act for provider organizations."""

STAFF = frozenset({Role.REVIEWER, Role.PHYSICIAN, Role.AUDITOR, Role.ADMIN})
"""The roles that work for payers."""

REVIEWERS = frozenset({Role.REVIEWER, Role.PHYSICIAN, Role.ADMIN})
"""The roles that decide requests, and that may own a Task of the worklist."""


class Grant(Struct, frozen=True):
    """The identity and the rights of the caller behind a verified token.

    `organizations` own the requests that the client submits; the first is the default. They may use `npis`, `tins`
    and `sender_ids`; `owners` has the organization of each (`access.ownership`). A patient has `patient`, the id of the
    Patient. Staff works for `payers` only. `user` is the id of the person who signed in, `token` the id of the token
    (`jti`).
    """

    client: str
    role: Role
    organizations: tuple[str, ...] = ()
    npis: frozenset[str] = frozenset()
    tins: frozenset[str] = frozenset()
    sender_ids: frozenset[str] = frozenset()
    owners: Mapping[tuple[str, str], str] = {}
    patient: str | None = None
    payers: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    user: str = ""
    token: str = ""

    @property
    def organization(self) -> str | None:
        """The organization that owns what the client submits for no other of its organizations."""
        return self.organizations[0] if self.organizations else None
