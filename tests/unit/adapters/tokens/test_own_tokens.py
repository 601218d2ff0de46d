"""Tokens: the grant of a valid token, and the refusal of hostile ones."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from app.access.grant import InvalidToken
from app.access.smart.access_token import LONGEST_LIFETIME
from app.access.verifier import Verified
from app.adapters.tokens.own_tokens import OwnTokens, mint
from tests.support.keys import write_key
from tests.support.server import ROOT, HeldClock, still_ring

KEY = RSAKey.generate_key(2048, auto_kid=True)
OTHER_KEY = RSAKey.generate_key(2048, auto_kid=True)
SHA256 = hashes.SHA256()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = int(NOW.timestamp())
HOUR = timedelta(hours=1)


@cache
def tokens() -> OwnTokens:
    with TemporaryDirectory() as folder:
        write_key(Path(folder), KEY.as_pem(private=True))
        return OwnTokens(still_ring(Path(folder)), ROOT, HeldClock())


def minted(lifetime: timedelta = HOUR, patient: str | None = None) -> str:
    return mint(KEY, ROOT, "ehr-a", ["system/*.rs"], NOW, lifetime=lifetime, patient=patient)


def header(**changes: Any) -> dict[str, Any]:
    made = {"typ": "at+jwt", "alg": "RS256", "kid": KEY.kid, **changes}
    return {name: value for name, value in made.items() if value is not None}


def claims(**changes: Any) -> dict[str, Any]:
    made = {
        "iss": ROOT, "aud": f"{ROOT}/fhir", "sub": "ehr-a", "client_id": "ehr-a", "jti": "1",
        "iat": SECOND, "nbf": SECOND, "exp": SECOND + 60, "scope": "system/Claim.c",
        **changes,
    }  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


def encoded(value: Any) -> str:
    return unpadded(json.dumps(value, separators=(",", ":")).encode())


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(head: Any, body: Any, key: RSAKey = KEY, digest: hashes.HashAlgorithm = SHA256) -> str:
    """Sign the header and the payload as they are, without a library's checks."""
    signed = f"{encoded(head)}.{encoded(body)}"
    assert key.private_key is not None
    return f"{signed}.{unpadded(key.private_key.sign(signed.encode(), padding.PKCS1v15(), digest))}"


def with_secret(secret: bytes) -> str:
    signed = f"{encoded(header(alg='HS256'))}.{encoded(claims())}"
    return f"{signed}.{unpadded(hmac.digest(secret, signed.encode(), 'sha256'))}"


def refused(token: str, now: datetime = NOW) -> str:
    with pytest.raises(InvalidToken) as caught:
        verified(token, now)
    return str(caught.value)


def verified(token: str, now: datetime = NOW) -> Verified:
    return asyncio.run(tokens().verify(token, now))


def test_a_minted_token_proves_its_client_and_scopes() -> None:
    proven = verified(minted(patient="p1"))
    assert (proven.client, proven.subject, proven.scopes) == ("ehr-a", "ehr-a", frozenset({"system/*.rs"}))
    assert (proven.patient, proven.expires) == ("p1", SECOND + 3600)
    assert proven.token


def test_a_token_with_the_required_claims_only_is_valid() -> None:
    proven = verified(sign(header(), claims()))
    assert (proven.client, proven.scopes, proven.patient) == ("ehr-a", frozenset({"system/Claim.c"}), None)


def test_two_tokens_of_one_moment_differ() -> None:
    assert minted() != minted()


def test_a_token_is_valid_until_the_second_it_expires() -> None:
    token = minted()
    assert verified(token, NOW + HOUR - timedelta(seconds=1)).client == "ehr-a"
    assert refused(token, NOW + HOUR) == "it has expired"


def test_no_token_is_minted_for_longer_than_a_day() -> None:
    token = minted(timedelta(days=365))
    assert verified(token, NOW).client == "ehr-a"
    assert refused(token, NOW + LONGEST_LIFETIME) == "it has expired"


def test_clocks_may_differ_by_thirty_seconds_and_no_more() -> None:
    token = minted()
    assert verified(token, NOW - timedelta(seconds=30)).client == "ehr-a"
    assert refused(token, NOW - timedelta(seconds=31)) == "it is not valid yet"


GOOD = sign(header(), claims())
PUBLIC_PEM = KEY.as_pem(private=False)

HOSTILE: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token at all": lambda: "Bearer",
    "two parts": lambda: sign(header(), claims()).rpartition(".")[0],
    "four parts": lambda: sign(header(), claims()) + ".x",
    "algorithm none": lambda: f"{encoded(header(alg='none'))}.{encoded(claims())}.",
    "our header, no signature": lambda: sign(header(), claims()).rpartition(".")[0] + ".",
    "our header, not base64": lambda: sign(header(), claims()).rpartition(".")[0] + ".!!!",
    "RS512 with our key": lambda: sign(header(alg="RS512"), claims(), digest=hashes.SHA512()),
    "RS256 in the header, RS512 in the signature": lambda: sign(header(), claims(), digest=hashes.SHA512()),
    "HS256 with our public key as the secret": lambda: with_secret(PUBLIC_PEM),
    "HS256 with an empty secret": lambda: with_secret(b""),
    "an unknown critical header": lambda: sign(header(crit=["x"], x=1), claims()),
    "another key under our key id": lambda: sign(header(), claims(), OTHER_KEY),
    "another key that it brings along": lambda: sign(header(jwk=OTHER_KEY.as_dict(private=False)), claims(), OTHER_KEY),
    "no key id": lambda: sign(header(kid=None), claims()),
    "another key id": lambda: sign(header(kid="other"), claims()),
    "an id token's type": lambda: sign(header(typ="JWT"), claims()),
    "no type": lambda: sign(header(typ=None), claims()),
    "a header that is a list": lambda: sign(["alg"], claims()),
    "a header that is a string": lambda: sign("alg b64", claims()),
    "a payload that is a list": lambda: sign(header(), [1]),
    "another payload under our signature": lambda: GOOD.replace(encoded(claims()), encoded(claims(sub="ehr-b"))),
    "another issuer": lambda: sign(header(), claims(iss="elsewhere")),
    "another audience": lambda: sign(header(), claims(aud="elsewhere")),
    "a list of audiences": lambda: sign(header(), claims(aud=[f"{ROOT}/fhir"])),
    "an empty subject": lambda: sign(header(), claims(sub="")),
    "no expiry": lambda: sign(header(), claims(exp=None)),
    "an expiry that is text": lambda: sign(header(), claims(exp=str(SECOND + 60))),
    "an expiry that is NaN": lambda: sign(header(), claims(exp=float("nan"))),
    "an expiry without end": lambda: sign(header(), claims(exp=float("inf"))),
    "an expiry that is past": lambda: sign(header(), claims(exp=SECOND - 1)),
    "an expiry two days ahead": lambda: sign(header(), claims(exp=SECOND + 2 * 86_400)),
    "issued an hour ahead": lambda: sign(header(), claims(iat=SECOND + 3600)),
    "not valid before an hour": lambda: sign(header(), claims(nbf=SECOND + 3600)),
    "no token id": lambda: sign(header(), claims(jti=None)),
    "a token id that is a number": lambda: sign(header(), claims(jti=1)),
    "scopes as a list": lambda: sign(header(), claims(scope=["system/Claim.c"])),
    "more than eight thousand characters": lambda: sign(header(), claims(scope="system/Claim.c " * 700)),
    "characters that no token has": lambda: sign(header(), claims()) + "é\ud800",
}  # fmt: skip


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_token_is_refused(make: Callable[[], str]) -> None:
    assert refused(make())


@given(position=st.integers(min_value=0), character=st.sampled_from("ABab01-_.=é"))
@settings(max_examples=200)
def test_a_token_altered_in_one_character_is_refused(position: int, character: str) -> None:
    at = position % len(GOOD)
    assume(GOOD[at] != character)
    assert refused(GOOD[:at] + character + GOOD[at + 1 :])
