"""Tokens: the grant of a valid token, and the refusal of hostile ones."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from joserfc.jwk import RSAKey
from msgspec.structs import replace

from app.access.clients import DEMO_CLIENTS, Client
from app.access.grant import Grant, InvalidToken, Role
from app.adapters.jwt_tokens import (
    LONGEST_LIFETIME,
    NOT_OURS,
    JwtTokens,
    mint,
)

KEY = RSAKey.generate_key(2048, auto_kid=True)
OTHER_KEY = RSAKey.generate_key(2048, auto_kid=True)
SHA256 = hashes.SHA256()
TOKENS = JwtTokens(KEY, demo=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = int(NOW.timestamp())
HOUR = timedelta(hours=1)


def header(**changes: Any) -> dict[str, Any]:
    made = {"typ": "at+jwt", "alg": "RS256", "kid": KEY.kid, **changes}
    return {name: value for name, value in made.items() if value is not None}


def claims(**changes: Any) -> dict[str, Any]:
    made = {
        "iss": "preauth", "aud": "preauth", "sub": "ehr-a", "client_id": "ehr-a", "jti": "1",
        "iat": SECOND, "nbf": SECOND, "exp": SECOND + 60, "scope": "system/Claim.c", "role": "provider", "org": "org-a",
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
        TOKENS.verify(token, now)
    return str(caught.value)


@pytest.mark.parametrize("client", DEMO_CLIENTS.values(), ids=lambda client: client.id)
def test_a_minted_token_grants_the_rights_of_its_client(client: Any) -> None:
    token = mint(KEY, client, client.scopes, NOW, HOUR)
    assert TOKENS.verify(token, NOW) == Grant(
        client.id, client.role, client.organization, client.npis, client.patient, client.member, client.payers,
        frozenset(client.scopes),
    )  # fmt: skip


@pytest.mark.parametrize("client", DEMO_CLIENTS.values(), ids=lambda client: client.id)
def test_production_refuses_a_token_of_a_demo_client(client: Client) -> None:
    with pytest.raises(InvalidToken) as caught:
        JwtTokens(KEY).verify(mint(KEY, client, client.scopes, NOW, HOUR), NOW)
    assert str(caught.value) == NOT_OURS


def test_production_verifies_a_token_of_another_client() -> None:
    token = mint(KEY, replace(DEMO_CLIENTS["ehr-a"], id="clinic"), ["system/*.rs"], NOW, HOUR)
    assert JwtTokens(KEY).verify(token, NOW).client == "clinic"


def test_a_token_with_the_required_claims_only_is_valid() -> None:
    grant = TOKENS.verify(sign(header(), claims()), NOW)
    assert (grant.client, grant.role, grant.organization) == ("ehr-a", Role.PROVIDER, "org-a")
    assert grant.scopes == {"system/Claim.c"}


def test_two_tokens_of_one_moment_differ() -> None:
    client = DEMO_CLIENTS["ehr-a"]
    assert mint(KEY, client, client.scopes, NOW, HOUR) != mint(KEY, client, client.scopes, NOW, HOUR)


def test_a_token_is_valid_until_the_second_it_expires() -> None:
    token = mint(KEY, DEMO_CLIENTS["ehr-a"], ["system/*.rs"], NOW, HOUR)
    assert TOKENS.verify(token, NOW + HOUR - timedelta(seconds=1)).client == "ehr-a"
    assert refused(token, NOW + HOUR) == "it has expired"


def test_no_token_is_minted_for_longer_than_a_day() -> None:
    token = mint(KEY, DEMO_CLIENTS["ehr-a"], ["system/*.rs"], NOW, timedelta(days=365))
    assert TOKENS.verify(token, NOW).client == "ehr-a"
    assert refused(token, NOW + LONGEST_LIFETIME) == "it has expired"


def test_clocks_may_differ_by_thirty_seconds_and_no_more() -> None:
    token = mint(KEY, DEMO_CLIENTS["ehr-a"], ["system/*.rs"], NOW, HOUR)
    assert TOKENS.verify(token, NOW - timedelta(seconds=30)).client == "ehr-a"
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
    "another payload under our signature": lambda: GOOD.replace(encoded(claims()), encoded(claims(org="org-b"))),
    "another issuer": lambda: sign(header(), claims(iss="elsewhere")),
    "another audience": lambda: sign(header(), claims(aud="elsewhere")),
    "a list of audiences": lambda: sign(header(), claims(aud=["preauth"])),
    "a subject that is not the client": lambda: sign(header(), claims(sub="admin")),
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
    "an unknown role": lambda: sign(header(), claims(role="root")),
    "a provider of no organization": lambda: sign(header(), claims(org=None)),
    "a provider of an empty organization": lambda: sign(header(), claims(org="")),
    "a patient who is nobody": lambda: sign(header(), claims(role="patient")),
    "a reviewer of no payer": lambda: sign(header(), claims(role="reviewer")),
    "an administrator of no payer": lambda: sign(header(), claims(role="admin", payers=[])),
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
