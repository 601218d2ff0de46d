"""A client's assertion: its key, its signature, its claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.access.smart.assertion import NOT_PROVED, Proof, read_assertion, verify_assertion
from app.access.smart.jwks import admitted
from app.access.smart.oauth_error import OAuthError, OAuthFault
from tests.support.assertions import TOKEN_URL, assertion, ec_key, public, rsa_key
from tests.support.hostile_assertions import UNFIT, UNPROVED

NOW = 1_800_000_000.0
CLIENT = "ehr-x"
REGISTERED = public(
    rsa_key(),
    ec_key(),
    ec_key("ec-256", "P-256"),
    rsa_key("weak", 1024),
    rsa_key("twice"),
    rsa_key("twice", owner="somebody else"),
)


def verified(text: str, now: float = NOW) -> Proof:
    """Verify as the token endpoint does for a client with REGISTERED keys and no key URL."""
    claimed = read_assertion(text)
    known = claimed.client == CLIENT and claimed.key_url is None
    return verify_assertion(claimed, admitted(REGISTERED) if known else (), TOKEN_URL, now)


@pytest.mark.parametrize("key", [rsa_key(), ec_key()], ids=["RS384", "ES384"])
def test_a_good_assertion_proves_the_client(key: Any) -> None:
    proof = verified(assertion(key, CLIENT, NOW, jti="j1"))
    assert proof == Proof(CLIENT, "j1", NOW + 300)


@pytest.mark.parametrize("name", UNPROVED)
def test_an_assertion_without_a_valid_signature_gets_the_one_answer(name: str) -> None:
    with pytest.raises(OAuthError) as refused:
        verified(UNPROVED[name](CLIENT, NOW))
    assert refused.value.fault is OAuthFault.INVALID_CLIENT
    assert refused.value.description == NOT_PROVED


@pytest.mark.parametrize("name", UNFIT)
def test_a_signed_assertion_with_unfit_claims_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(OAuthError) as refused:
        verified(UNFIT[name](CLIENT, NOW))
    assert refused.value.fault is OAuthFault.INVALID_CLIENT
    assert refused.value.description.startswith("The assertion ")


def test_a_clock_20_seconds_ahead_is_tolerated_and_a_lifetime_of_400_seconds_is_refused() -> None:
    assert verified(assertion(rsa_key(), CLIENT, NOW + 20)).expires == NOW + 320
    with pytest.raises(OAuthError, match="within five minutes"):
        verified(assertion(rsa_key(), CLIENT, NOW, exp=int(NOW) + 400))


def test_an_assertion_is_valid_up_to_30_seconds_after_its_end() -> None:
    text = assertion(rsa_key(), CLIENT, NOW)
    assert verified(text, NOW + 329).client == CLIENT
    with pytest.raises(OAuthError, match="expired"):
        verified(text, NOW + 330)


def test_the_audience_may_be_a_list_of_one_url() -> None:
    assert verified(assertion(rsa_key(), CLIENT, NOW, aud=[TOKEN_URL])).client == CLIENT


@pytest.mark.parametrize(("kid", "fault"), [("rsa-1", None), ("rsa-2", "RS256")])
def test_a_key_for_another_algorithm_is_not_used(kid: str, fault: str | None) -> None:
    jwks: Mapping[str, list[dict[str, object]]] = public(rsa_key(), rsa_key("rsa-2"))
    jwks["keys"][1]["alg"] = "RS256"
    claimed = read_assertion(assertion(rsa_key(kid), CLIENT, NOW))
    keys = admitted(jwks)
    if fault:
        with pytest.raises(OAuthError):
            verify_assertion(claimed, keys, TOKEN_URL, NOW)
    else:
        assert verify_assertion(claimed, keys, TOKEN_URL, NOW).client == CLIENT
