"""Describe who may call: provider organizations, the clients that act for them, and the people who sign in."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.access.grant import Role


class GrantType(StrEnum):
    """How a client gets a token: https://www.rfc-editor.org/rfc/rfc6749#section-1.3."""

    CLIENT_CREDENTIALS = "client_credentials"
    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of a grant type


class ClientAuth(StrEnum):
    """How a client proves its identity at the token endpoint. A client without a proof is public."""

    PRIVATE_KEY_JWT = "private_key_jwt"
    CLIENT_SECRET = "client_secret_basic"  # noqa: S105 - the name of a method
    NONE = "none"


class Organization(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider organization. Its NPIs, TINs and sender ids name it in requests and bills."""

    id: str
    name: str = ""
    npis: tuple[str, ...] = ()
    tins: tuple[str, ...] = ()
    sender_ids: tuple[str, ...] = ()


class Client(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A registered client, and the most that a token can grant it.

    `organizations` are ids; the first owns what the client submits for no other. Staff clients work for `payers`.
    `secrets` are scrypt hashes, the newest first. `origins` may call from a browser, in addition to those of the
    redirect URIs. `hooks` are the origins that notifications may go to. `certificates` are the SHA-256 thumbprints
    (`x5t#S256`) that its tokens are bound to. `issuer` is the external issuer of its tokens; None: this server.
    `member` is the payer and the member id of a client that stands for one patient.
    """

    id: str
    role: Role
    scopes: tuple[str, ...]
    name: str = ""
    organizations: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    grants: tuple[GrantType, ...] = (GrantType.CLIENT_CREDENTIALS,)
    auth: ClientAuth = ClientAuth.PRIVATE_KEY_JWT
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    secrets: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    issuer: str | None = None
    member: tuple[str, str] | None = None
    demo: bool = False
    disabled: bool = False


class User(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person who signs in: a member of a payer, or staff of a provider or a payer.

    `password` is a scrypt hash. `member` is the payer and the member id. `fhir_user` refers to the person's resource.
    """

    id: str
    role: Role
    name: str = ""
    password: str = ""
    organizations: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    member: tuple[str, str] | None = None
    fhir_user: str | None = None
    demo: bool = False
    disabled: bool = False


class People(Struct, frozen=True, kw_only=True):
    """The organizations, clients and users of a file."""

    organizations: tuple[Organization, ...] = ()
    clients: tuple[Client, ...] = ()
    users: tuple[User, ...] = ()
