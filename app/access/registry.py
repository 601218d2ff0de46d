"""Describe who may call: provider organizations, the clients that act for them, and the people who sign in."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

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


class Source(StrEnum):
    """The origin of a row: a command, the operator's file, the demo, or a client that registered itself."""

    COMMAND = "command"
    FILE = "file"
    DEMO = "demo"
    UDAP = "udap"


class _Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state that all rows have.

    A row that its source no longer has is `disabled`. `locked` says that a command disabled it: its source does not
    enable it again.
    """

    id: str
    name: str = ""
    source: Source = Source.COMMAND
    disabled: bool = False
    locked: bool = False

    @property
    def key(self) -> str:
        """The key of the row among those of its kind."""
        return self.id


class Organization(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """A provider organization. Its NPIs, TINs and sender ids name it in requests and bills."""

    npis: tuple[str, ...] = ()
    tins: tuple[str, ...] = ()
    sender_ids: tuple[str, ...] = ()


class Previous(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The secrets and keys before the last rotation. They are valid until a time, in seconds since 1970."""

    until: float
    secrets: tuple[str, ...] = ()
    jwks: dict[str, Any] | None = None


class Client(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """A registered client, and the most that a token can grant it.

    `organizations` are ids; the first owns what the client submits for no other. Staff clients work for `payers`.
    `secrets` are scrypt hashes. `commanded` says that a command set its secrets or keys, which its source leaves out.
    `origins` may call from a browser, in addition to those of the redirect URIs. `hooks` are the origins that
    notifications may go to. `certificates` are the SHA-256 thumbprints (`x5t#S256`) that its tokens are bound to.
    `issuer` is the external issuer of its tokens; None: this server. `member` is the payer and the member id of a
    client that stands for one patient. `udap` is the URI of the certificate by which a client registered itself.
    """

    role: Role
    scopes: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    grants: tuple[GrantType, ...] = (GrantType.CLIENT_CREDENTIALS,)
    auth: ClientAuth = ClientAuth.PRIVATE_KEY_JWT
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    secrets: tuple[str, ...] = ()
    previous: Previous | None = None
    commanded: bool = False
    redirect_uris: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    issuer: str | None = None
    member: tuple[str, str] | None = None
    udap: str | None = None

    @property
    def key(self) -> str:
        """The key of the client: two issuers may know different clients by one id."""
        return client_key(self.id, self.issuer)

    def at(self, now: float) -> Client:
        """Return the client with all secrets and keys that are valid at a time, in seconds since 1970."""
        previous = self.previous
        if previous is None:
            return self
        if now >= previous.until:
            return replace(self, previous=None)
        return replace(
            self, secrets=(*self.secrets, *previous.secrets), jwks=_joined(self.jwks, previous.jwks), previous=None
        )


def client_key(id_: str, issuer: str | None) -> str:
    """Return the key of the client that an issuer knows by an id, which has no spaces. None is this server."""
    return id_ if issuer is None else f"{id_} {issuer}"


def _joined(jwks: dict[str, Any] | None, others: dict[str, Any] | None) -> dict[str, Any] | None:
    if jwks is None or others is None:
        return jwks or others
    return {"keys": [*jwks["keys"], *others["keys"]]}


class User(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """A person who signs in: a member of a payer, or staff of a provider or a payer.

    `id` is the name to sign in with. `password` is a scrypt hash; `commanded` says that a command set it. `member` is
    the payer and the member id. `fhir_user` refers to the person's resource.
    """

    role: Role
    password: str = ""
    commanded: bool = False
    organizations: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    member: tuple[str, str] | None = None
    fhir_user: str | None = None


class People(Struct, frozen=True, kw_only=True):
    """The organizations, clients and users of a file."""

    organizations: tuple[Organization, ...] = ()
    clients: tuple[Client, ...] = ()
    users: tuple[User, ...] = ()
