"""Sign client assertions, good and hostile ones."""

from __future__ import annotations

import base64
import hmac
import json
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, RSAKey

from app.access.smart.assertion import ASSERTION_TYPE
from app.access.smart.key_source import PublicKey

TOKEN_URL = "http://preauth.test/oauth/token"
ALGORITHMS = ["RS256", "RS384", "ES256", "ES384"]
HEADERS = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)

Json = dict[str, Any]


@cache
def _rsa_numbers(bits: int, owner: str) -> bytes:  # noqa: ARG001 - a part of the key of the cache
    """Return a private key, the same for each owner: creating one takes longer than most tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # for a key that is weak on purpose
        return RSAKey.generate_key(bits).as_pem(private=True)


def rsa_key(kid: str = "rsa-1", bits: int = 2048, owner: str = "client") -> RSAKey:
    """Return the RSA key of an owner under this key id."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return RSAKey.import_key(_rsa_numbers(bits, owner), {"kid": kid})


@cache
def ec_key(kid: str = "ec-1", curve: str = "P-384") -> ECKey:
    return ECKey.generate_key(curve, {"kid": kid})


def public(*keys: PublicKey) -> Json:
    """Return the key set that a client registers."""
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


def claims_of(client: str, now: float, **other: Any) -> Json:
    """Return the claims of a good assertion with some of them replaced; None removes one."""
    claims = {"iss": client, "sub": client, "aud": TOKEN_URL, "exp": int(now) + 300, "jti": f"{client} {now}", **other}
    return {name: value for name, value in claims.items() if value is not None}


def signed(key: Key, header: Mapping[str, Any], claims: Mapping[str, Any] | bytes) -> str:
    """Sign any claims with any header."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return jws.serialize_compact(dict(header), payload, key, registry=HEADERS)


def assertion(key: PublicKey, client: str, now: float, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
    """Sign an assertion with the key's SMART algorithm; `header` and `claims` replace its parts."""
    algorithm = "RS384" if isinstance(key, RSAKey) else "ES384"
    usual = {"alg": algorithm, "kid": key.kid, "typ": "JWT", **(header or {})}
    return signed(
        key, {name: value for name, value in usual.items() if value is not None}, claims_of(client, now, **claims)
    )


def forged(header: Mapping[str, Any], claims: Mapping[str, Any], signature: bytes = b"") -> str:
    """Assemble a token without a key."""
    return ".".join(encoded(part) for part in (json.dumps(header).encode(), json.dumps(claims).encode(), signature))


def signed_with_public_key(key: RSAKey, client: str, now: float) -> str:
    """Sign with HS384 and the public key as the secret, which a verifier without an algorithm list accepts."""
    unsigned = forged({"alg": "HS384", "kid": key.kid, "typ": "JWT"}, claims_of(client, now))[:-1]
    return f"{unsigned}.{encoded(hmac.digest(key.as_pem(private=False), unsigned.encode(), 'sha384'))}"


def altered(token: str) -> str:
    """Change the last character of the signature, so that other bits are decoded."""
    return token[:-1] + ("A" if token[-1] not in "ABCDEFGHIJKLMNOP" else "g")


def with_other_payload(token: str, claims: Mapping[str, Any]) -> str:
    head, _, signature = token.split(".")
    return ".".join((head, encoded(json.dumps(claims).encode()), signature))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def form(assertion_: str, scope: str | None = "system/Claim.crs", **other: str) -> dict[str, str]:
    """Return the fields of a token request."""
    fields = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion_,
        **({} if scope is None else {"scope": scope}),
    }
    return {**fields, **other}
