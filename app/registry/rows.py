"""The rows of a file: organizations, clients and users, each with the rules about its values together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import ValidationInfo, field_validator, model_validator

from app.access.grant import OF_PROVIDERS, STAFF, Role
from app.access.registry import Client, ClientAuth, GrantType, Organization, User
from app.policy.yaml.model import Data, NotEmpty, Slug, Text, refused_row
from app.registry.jwks_file import read_jwks_file
from app.registry.registered_scopes import check_registered_scopes
from app.registry.values import (
    FhirUser,
    Hash,
    Id,
    Jwks,
    LoginName,
    Npi,
    Origin,
    RedirectUri,
    SenderId,
    Thumbprint,
    Tin,
    Url,
)

FOLDER = "folder"
"""The key of the validation context with the folder that key files are relative to."""


class Member(Data):
    """A member of a payer."""

    payer: Slug
    id: Text


class OrganizationRow(Data):
    """A provider organization."""

    id: Id
    name: Text = ""
    npis: tuple[Npi, ...] = ()
    tins: tuple[Tin, ...] = ()
    sender_ids: tuple[SenderId, ...] = ()
    disabled: bool = False

    def registered(self) -> Organization:
        """Return the row as it is registered."""
        return Organization(**dict(self))


class _Person(Data):
    """The values that clients and users have: name, role and subjects."""

    id: Id
    name: Text = ""
    role: Role
    organizations: tuple[Id, ...] = ()
    payers: tuple[Slug, ...] = ()
    member: Member | None = None

    def subject_faults(self) -> Iterator[str]:
        """Yield the rules that the subjects break: each role has subjects of its own."""
        of_provider, staff = self.role in OF_PROVIDERS, self.role in STAFF
        if of_provider and not self.organizations:
            yield f"`organizations` is required for the role {self.role}"
        if staff and not self.payers:
            yield f"`payers` is required for the role {self.role}"
        if self.organizations and not of_provider:
            yield f"`organizations` must be absent for the role {self.role}"
        if self.payers and not staff:
            yield f"`payers` must be absent for the role {self.role}"
        if self.member and self.role is not Role.PATIENT:
            yield f"`member` must be absent for the role {self.role}"

    def values(self) -> dict[str, Any]:
        """Return the values of the row by the names of its Struct."""
        return {**dict(self), "member": None if self.member is None else (self.member.payer, self.member.id)}


class ClientRow(_Person):
    """A client."""

    scopes: Annotated[tuple[Text, ...], NotEmpty]
    grants: Annotated[tuple[GrantType, ...], NotEmpty] = (GrantType.CLIENT_CREDENTIALS,)
    auth: ClientAuth = ClientAuth.PRIVATE_KEY_JWT
    jwks: Jwks | None = None
    jwks_file: Text | None = None
    jwks_uri: Url | None = None
    secrets: tuple[Hash, ...] = ()
    redirect_uris: tuple[RedirectUri, ...] = ()
    origins: tuple[Origin, ...] = ()
    hooks: tuple[Origin, ...] = ()
    certificates: tuple[Thumbprint, ...] = ()
    issuer: Url | None = None
    disabled: bool = False

    @field_validator("scopes")
    @classmethod
    def _scopes(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        check_registered_scopes(scopes)
        return scopes

    @field_validator("jwks_file")
    @classmethod
    def _key_file(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name is not None:
            read_jwks_file(Path((info.context or {}).get(FOLDER, ".")) / name)
        return name

    @model_validator(mode="after")
    def _together(self) -> Self:
        faults = [*self.subject_faults(), *self._grant_faults(), *self._proof_faults()]
        if faults:
            raise refused_row(faults)
        return self

    def _grant_faults(self) -> Iterator[str]:
        interactive = GrantType.AUTHORIZATION_CODE in self.grants
        if interactive != bool(self.redirect_uris):
            yield "`redirect-uris` is required for the grant authorization_code, and for no other"
        if GrantType.REFRESH_TOKEN in self.grants and not interactive:
            yield "`grants` must have authorization_code with refresh_token"
        if GrantType.CLIENT_CREDENTIALS in self.grants:
            if self.auth is ClientAuth.NONE:
                yield "`grants` must not have client_credentials if `auth` is none"
            if self.role is Role.PATIENT and self.member is None:
                yield "`member` is required for a patient's client without sign-in"

    def _proof_faults(self) -> Iterator[str]:
        key_sets = [self.jwks, self.jwks_file, self.jwks_uri]
        with_keys, at_most_one = any(key_sets), sum(key_set is not None for key_set in key_sets) <= 1
        if not at_most_one:
            yield "`jwks`, `jwks-file` and `jwks-uri` must not be used together"
        if with_keys and self.auth is not ClientAuth.PRIVATE_KEY_JWT:
            yield "`auth` must be private_key_jwt for a client with keys"
        if self.secrets and self.auth is not ClientAuth.CLIENT_SECRET:
            yield "`auth` must be client_secret_basic for a client with secrets"
        if self.issuer and (with_keys or self.secrets or self.redirect_uris):
            yield "`issuer` must be absent, or keys, secrets and redirect URIs: the issuer has them"

    def registered(self, folder: Path) -> Client:
        """Return the row as it is registered. `folder` is the one that key files are relative to."""
        values = self.values()
        if (name := values.pop("jwks_file")) is not None:
            values["jwks"] = read_jwks_file(folder / name)
        return Client(**values)


class UserRow(_Person):
    """A user."""

    id: LoginName
    password: Hash = ""
    fhir_user: FhirUser | None = None
    disabled: bool = False

    @model_validator(mode="after")
    def _together(self) -> Self:
        faults = list(self.subject_faults())
        if self.role is Role.PATIENT and self.member is None:
            faults.append("`member` is required for the role patient")
        if faults:
            raise refused_row(faults)
        return self

    def registered(self) -> User:
        """Return the row as it is registered."""
        return User(**self.values())
