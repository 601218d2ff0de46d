"""The hostile access tokens that every FHIR endpoint must refuse, each with the fault it carries."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from joserfc.jwk import RSAKey

from app.adapters.tokens.own_tokens import mint
from tests.support.assertions import altered, assertion, encoded, forged, rsa_key, signed, with_other_payload
from tests.support.server import ROOT, START, signing_key

NOW = int(START.timestamp())

Forge = Callable[[], str]


@cache
def good() -> str:
    return mint(signing_key(), ROOT, "ehr-a", ["system/*.rs"], START, lifetime=timedelta(hours=1))


def header(**other: Any) -> dict[str, Any]:
    """Return the header of a good token with some members replaced; None removes one."""
    usual = {"typ": "at+jwt", "alg": "RS256", "kid": signing_key().kid, **other}
    return {name: value for name, value in usual.items() if value is not None}


def claims(**other: Any) -> dict[str, Any]:
    """Return the claims of a good token with some of them replaced; None removes one."""
    usual = {
        "iss": ROOT, "aud": f"{ROOT}/fhir", "sub": "ehr-a", "client_id": "ehr-a", "jti": "1", "iat": NOW,
        "exp": NOW + 600, "scope": "system/*.rs", **other,
    }  # fmt: skip
    return {name: value for name, value in usual.items() if value is not None}


def token(key: RSAKey | None = None, head: Mapping[str, Any] | None = None, **other: Any) -> str:
    return signed(key or signing_key(), {**header(), **(head or {})}, claims(**other))


def _with_public_key_as_secret() -> str:
    unsigned = forged(header(alg="HS256"), claims())[:-1]
    secret = signing_key().as_pem(private=False)
    return f"{unsigned}.{encoded(hmac.digest(secret, unsigned.encode(), 'sha256'))}"


def _never_expiring() -> str:
    text = json.dumps(claims(exp=0)).replace('"exp": 0', '"exp": NaN')
    return signed(signing_key(), header(), text.encode())


FORGED: Mapping[str, Forge] = {
    "an altered payload": lambda: with_other_payload(good(), claims(sub="admin", client_id="admin")),
    "an altered last character": lambda: altered(good()),
    "alg none": lambda: forged(header(alg="none"), claims()),
    "alg none and our signature": lambda: forged(header(alg="none"), claims()) + good().rpartition(".")[2],
    "HS256 with the public key as secret": _with_public_key_as_secret,
    "RS384 with our key": lambda: token(head={"alg": "RS384"}),
    "another key": lambda: token(rsa_key(), {"kid": signing_key().kid}),
    "another key, embedded": lambda: token(rsa_key(), {"kid": signing_key().kid, "jwk": {"kty": "RSA"}}),
    "no kid": lambda: signed(signing_key(), header(kid=None), claims()),
    "an unknown critical header": lambda: forged(header(crit=["x"], x=1), claims()),
    "no signature": lambda: good().rpartition(".")[0] + ".",
}
UNFIT: Mapping[str, Forge] = {
    "expired by a second": lambda: token(exp=NOW - 1),
    "nbf ahead": lambda: token(nbf=NOW + 31),
    "iat ahead": lambda: token(iat=NOW + 31),
    "another issuer": lambda: token(iss="https://login.elsewhere.test"),
    "another audience": lambda: token(aud="https://elsewhere.test/fhir"),
    "the audience of another tenant": lambda: token(aud=f"{ROOT}/other/fhir"),
    "a list of audiences": lambda: token(aud=[f"{ROOT}/fhir", "https://elsewhere.test/fhir"]),
    "exp in two days": lambda: token(exp=NOW + 2 * 86_400),
    "exp as text": lambda: token(exp=str(NOW + 600)),
    "exp NaN": _never_expiring,
    "no exp": lambda: token(exp=None),
    "a jti that is a number": lambda: token(jti=1),
    "no jti": lambda: token(jti=None),
    "an unknown client": lambda: token(sub="nobody", client_id="nobody"),
    "an unknown user": lambda: token(sub="nobody"),
}
OF_ANOTHER_KIND: Mapping[str, Forge] = {
    "an id token": lambda: token(head={"typ": "JWT"}),
    "an id token without typ": lambda: signed(signing_key(), header(typ=None), claims()),
    "a client assertion": lambda: assertion(rsa_key(), "ehr-a", NOW),
    "a client assertion with our key": lambda: assertion(signing_key(), "ehr-a", NOW, {"typ": "at+jwt"}),
    "a refresh token": lambda: "Zk9vYmFyYmF6cXV4cXV1eA0123456789abcdefghijk",
}
