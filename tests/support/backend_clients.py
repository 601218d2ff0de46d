"""Backend services that tests register: with keys, with a secret, and with the keys at a URL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from app.access.grant import Role
from app.access.registry import Client, ClientAuth, GrantType, People
from app.access.smart.key_source import PublicKey
from app.access.smart.secret import hashed
from app.ports import Documents
from tests.support.assertions import ec_key, public, rsa_key
from tests.support.people import register

SECRET = "correct horse battery staple: %+é"
KEYS_URL = "https://ehr.test/jwks.json"
SCOPES = ("system/Claim.crs", "system/ClaimResponse.rs")

KEYS = public(
    rsa_key(), ec_key(), ec_key("ec-256", "P-256"), rsa_key("weak", 1024), rsa_key("twice"),
    rsa_key("twice", owner="somebody else"),
)  # fmt: skip


@cache
def secret_hash() -> str:
    return hashed(SECRET)


def backend(name: str = "ehr-x", **other: object) -> Client:
    """Return a client of the organization org-a with the keys KEYS."""
    usual = {"role": Role.PROVIDER, "scopes": SCOPES, "organizations": ("org-a",), "jwks": KEYS}
    return Client(id=name, **{**usual, **other})  # type: ignore[arg-type]


def with_secret(name: str = "ehr-s", **other: object) -> Client:
    return backend(name, jwks=None, auth=ClientAuth.CLIENT_SECRET, secrets=(secret_hash(),), **other)


async def register_backends(documents: Documents) -> None:
    """Register a client of each kind."""
    clients = (
        backend(),
        with_secret(),
        backend("ehr-url", jwks=None, jwks_uri=KEYS_URL),
        backend("ehr-off", disabled=True),
        backend("ehr-elsewhere", issuer="https://login.test"),
        backend("app", jwks=None, auth=ClientAuth.NONE, grants=(GrantType.AUTHORIZATION_CODE,)),
        backend("public", jwks=None, auth=ClientAuth.NONE),
        backend("ehr-code", grants=(GrantType.AUTHORIZATION_CODE,)),
    )
    await register(documents, People(clients=clients))


class HeldKeys:
    """A `KeySource` with these keys at every URL."""

    def __init__(self, keys: Sequence[PublicKey]) -> None:
        self.held = list(keys)
        self.asked: list[str] = []

    async def keys(self, url: str, kid: str) -> Sequence[PublicKey]:
        self.asked.append(url)
        return [key for key in self.held if key.kid == kid]
