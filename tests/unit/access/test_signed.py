"""Signed texts: whatever a header or a signature has, the text is signed or it is not."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey

from app.access.signed import NotSigned, read_signed, verified_payload
from tests.support.assertions import ec_key, encoded, forged, rsa_key, signed

HEADER = {"alg": "RS384", "kid": "rsa-1", "typ": "JWT"}
CLAIMS = {"iss": "ehr"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Read(msgspec.Struct):
    alg: str


def test_a_signed_text_has_a_header_and_a_payload() -> None:
    text = signed(rsa_key(), HEADER, CLAIMS)
    header, payload = read_signed(text, Read)
    assert header.alg == "RS384"
    assert json.loads(payload) == json.loads(verified_payload(text, rsa_key(), "RS384")) == CLAIMS


@pytest.mark.acceptance("A2", "A7")
@pytest.mark.parametrize("members", [{"crit": None}, {"crit": []}, {"crit": ["b64"], "b64": False}, {"b64": True}])
def test_a_header_that_demands_to_be_understood_is_refused(members: dict[str, Any]) -> None:
    text = forged({**HEADER, **members}, CLAIMS)
    with pytest.raises(NotSigned):
        read_signed(text, Read)
    with pytest.raises(NotSigned):
        verified_payload(text, rsa_key(), "RS384")


@pytest.mark.acceptance("A2", "A7")
@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "...", "a.b.c", "e30.e30.", "W10.W10.", "bnVsbA.bnVsbA.", "=.=.=", "é.é.é", "\ud800.a.b", "x"],
)
def test_a_text_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(NotSigned):
        read_signed(text, Read)
    with pytest.raises(NotSigned):
        verified_payload(text, rsa_key(), "RS384")


@pytest.mark.acceptance("A2", "A7")
@pytest.mark.parametrize("key", [rsa_key(), ec_key()])
@given(
    member=st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "jku", "zip", "p2c"]), value=json_values
)
def test_no_header_makes_a_text_signed_that_is_not(key: RSAKey | ECKey, member: str, value: object) -> None:
    text = ".".join((encoded(json.dumps({**HEADER, member: value}).encode()), encoded(b"{}"), encoded(b"signature")))
    for algorithm in ("RS384", "ES384"):
        with pytest.raises(NotSigned):
            verified_payload(text, key, algorithm)
