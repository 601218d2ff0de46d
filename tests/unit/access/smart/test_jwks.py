"""The keys of a key set that may verify signatures."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import OctKey

from app.access.smart.jwks import MOST_KEYS, admitted, fault_of
from tests.support.assertions import ec_key, public, rsa_key

GOOD = rsa_key().as_dict(private=False)

BAD: dict[str, dict[str, Any]] = {
    "no kid": {name: value for name, value in GOOD.items() if name != "kid"},
    "an empty kid": {**GOOD, "kid": ""},
    "a private key": rsa_key().as_dict(private=True),
    "a symmetric key": {**OctKey.generate_key(256).as_dict(private=True), "kid": "o"},
    "an unknown type": {**GOOD, "kty": "OKP"},
    "1024 bits": rsa_key("weak", 1024).as_dict(private=False),
    "an unusual curve": ec_key("k", "secp256k1").as_dict(private=False),
    "a key for encryption": {**GOOD, "use": "enc"},
    "a key that signs": {**GOOD, "key_ops": ["sign"]},
    "operations that are a number": {**GOOD, "key_ops": 7},
    "no modulus": {name: value for name, value in GOOD.items() if name != "n"},
    "a modulus that is a number": {**GOOD, "n": 7},
    "a point that is not on the curve": {**ec_key().as_dict(private=False), "x": ec_key("other").as_dict()["x"]},
}


@pytest.mark.parametrize("name", BAD)
def test_an_unusable_key_is_left_out_and_the_reason_is_a_sentence(name: str) -> None:
    assert (fault_of(BAD[name]) or "").endswith(".")
    assert [key.kid for key in admitted({"keys": [BAD[name], ec_key().as_dict(private=False)]})] == ["ec-1"]


def test_keys_with_the_same_kid_and_type_are_left_out() -> None:
    same = public(rsa_key("a"), rsa_key("a", owner="somebody else"), ec_key("a"), rsa_key("b"))
    assert [(key.kid, key.key_type) for key in admitted(same)] == [("a", "EC"), ("b", "RSA")]


@pytest.mark.parametrize("jwks", [None, [], {}, {"keys": {}}, "keys", {"keys": [GOOD] * (MOST_KEYS + 1)}])
def test_anything_but_a_small_key_set_is_refused(jwks: Any) -> None:
    with pytest.raises(ValueError, match="A key set must"):
        admitted(jwks)


def test_members_of_another_type_are_left_out() -> None:
    assert admitted({"keys": [1, None, "x", []]}) == ()
