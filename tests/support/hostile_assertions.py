"""The hostile assertions that a token endpoint must refuse, each with the fault it carries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tests.support.assertions import (
    altered,
    assertion,
    claims_of,
    ec_key,
    encoded,
    forged,
    rsa_key,
    signed,
    signed_with_public_key,
    with_other_payload,
)

Forge = Callable[[str, float], str]
"""Makes an assertion in the name of a client, at a time."""

RSA_HEADER = {"alg": "RS384", "kid": "rsa-1", "typ": "JWT"}


def _embedding_its_key(client: str, now: float) -> str:
    other = ec_key("ec-1 of somebody else")
    return assertion(other, client, now, {"kid": "ec-1", "jwk": other.as_dict(private=False)})


def _expiring_as_text(client: str, now: float) -> str:
    return assertion(rsa_key(), client, now, exp=str(int(now) + 300))


def _expiring_never(client: str, now: float) -> str:
    claims = json.dumps(claims_of(client, now, exp=0)).replace('"exp": 0', '"exp": NaN')
    return signed(rsa_key(), RSA_HEADER, claims.encode())


def _with_two_issuers(client: str, now: float) -> str:
    other = claims_of("another-client", now)
    claims = json.dumps(claims_of(client, now))[:-1] + f', "iss": {json.dumps(other["iss"])}}}'
    return signed(rsa_key(), RSA_HEADER, claims.encode())


UNPROVED: Mapping[str, Forge] = {
    "alg none": lambda client, now: forged({**RSA_HEADER, "alg": "none"}, claims_of(client, now)),
    "alg NONE": lambda client, now: forged({**RSA_HEADER, "alg": "NONE"}, claims_of(client, now)),
    "HS384 with the public key as secret": lambda client, now: signed_with_public_key(rsa_key(), client, now),
    "RS256": lambda client, now: assertion(rsa_key(), client, now, {"alg": "RS256"}),
    "ES256": lambda client, now: assertion(ec_key("ec-256", "P-256"), client, now, {"alg": "ES256"}),
    "ES384 with the kid of an RSA key": lambda client, now: assertion(ec_key(), client, now, {"kid": "rsa-1"}),
    "an unknown critical header": lambda client, now: forged(
        {**RSA_HEADER, "crit": ["x"], "x": 1}, claims_of(client, now)
    ),
    "a critical header that is null": lambda client, now: forged({**RSA_HEADER, "crit": None}, claims_of(client, now)),
    "a payload that is not encoded": lambda client, now: forged({**RSA_HEADER, "b64": False}, claims_of(client, now)),
    "an embedded key": _embedding_its_key,
    "another key": lambda client, now: assertion(rsa_key(owner="somebody else"), client, now, {"kid": "rsa-1"}),
    "no kid": lambda client, now: assertion(rsa_key(), client, now, {"kid": None}),
    "an unknown kid": lambda client, now: assertion(rsa_key(), client, now, {"kid": "rsa-9"}),
    "a kid that is a number": lambda client, now: forged({**RSA_HEADER, "kid": 1}, claims_of(client, now)),
    "a kid of two keys": lambda client, now: assertion(rsa_key("twice"), client, now),
    "a weak key": lambda client, now: assertion(rsa_key("weak", 1024), client, now),
    "a foreign jku": lambda client, now: assertion(rsa_key(), client, now, {"jku": "https://evil.test/jwks.json"}),
    "typ at+jwt": lambda client, now: assertion(rsa_key(), client, now, {"typ": "at+jwt"}),
    "an altered signature": lambda client, now: altered(assertion(rsa_key(), client, now)),
    "no signature": lambda client, now: assertion(rsa_key(), client, now).rpartition(".")[0] + ".",
    "an altered payload": lambda client, now: with_other_payload(
        assertion(rsa_key(), client, now), claims_of(client, now, jti="another")
    ),
    "an unknown client": lambda _, now: assertion(rsa_key(), "nobody", now),
    "no iss": lambda client, now: assertion(rsa_key(), client, now, iss=None),
    "an iss that is a list": lambda client, now: assertion(rsa_key(), client, now, iss=[client]),
    "iss twice": _with_two_issuers,
    "exp NaN": _expiring_never,
    "claims that are a list": lambda _, __: signed(rsa_key(), RSA_HEADER, b"[]"),
    "a payload of many levels": lambda _, __: signed(rsa_key(), RSA_HEADER, b'{"iss":' + b"[" * 5_000),
    "text without dots": lambda _, __: "hello",
    "nothing": lambda _, __: "",
    "five parts": lambda client, now: assertion(rsa_key(), client, now) + ".a.b",
    "9 KiB": lambda client, now: assertion(rsa_key(), client, now, more="x" * 9216),
    "letters beyond ASCII": lambda client, now: assertion(rsa_key(), client, now) + "é",
    "a header that is not JSON": lambda client, now: "e30x." + assertion(rsa_key(), client, now).partition(".")[2],
    "a header that is a list": lambda client, now: encoded(b"[]") + assertion(rsa_key(), client, now)[3:],
}
"""Assertions that prove nothing; all get one answer."""

UNFIT: Mapping[str, Forge] = {
    "exp as text": _expiring_as_text,
    "exp true": lambda client, now: assertion(rsa_key(), client, now, exp=True),
    "no exp": lambda client, now: assertion(rsa_key(), client, now, exp=None),
    "exp in a day": lambda client, now: assertion(rsa_key(), client, now, exp=int(now) + 86_400),
    "exp in 400 seconds": lambda client, now: assertion(rsa_key(), client, now, exp=int(now) + 400),
    "exp past": lambda client, now: assertion(rsa_key(), client, now, exp=int(now) - 31),
    "iat in an hour": lambda client, now: assertion(rsa_key(), client, now, iat=int(now) + 3600),
    "nbf in an hour": lambda client, now: assertion(rsa_key(), client, now, nbf=int(now) + 3600),
    "no jti": lambda client, now: assertion(rsa_key(), client, now, jti=None),
    "an empty jti": lambda client, now: assertion(rsa_key(), client, now, jti=""),
    "a jti that is a number": lambda client, now: assertion(rsa_key(), client, now, jti=7),
    "a long jti": lambda client, now: assertion(rsa_key(), client, now, jti="j" * 257),
    "another sub": lambda client, now: assertion(rsa_key(), client, now, sub="another-client"),
    "no sub": lambda client, now: assertion(rsa_key(), client, now, sub=None),
    "another aud": lambda client, now: assertion(rsa_key(), client, now, aud="https://elsewhere.test/token"),
    "several aud": lambda client, now: assertion(
        rsa_key(), client, now, aud=["http://preauth.test/oauth/token", "https://elsewhere.test/token"]
    ),
    "no aud": lambda client, now: assertion(rsa_key(), client, now, aud=None),
}
"""Assertions that the client signed, but that must not be used; each answer says what is wrong."""
