from __future__ import annotations

import pytest

from app.access.smart.proof_key import is_challenge, proves

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_example_of_the_specification_is_proved() -> None:
    assert is_challenge(CHALLENGE)
    assert proves(VERIFIER, CHALLENGE)


@pytest.mark.parametrize(
    "verifier",
    ["", VERIFIER[:-1], VERIFIER.lower(), VERIFIER[:-1] + "j", CHALLENGE, VERIFIER + "=", "ä" * 43, "a" * 129],
)
def test_another_verifier_proves_nothing(verifier: str) -> None:
    assert not proves(verifier, CHALLENGE)


@pytest.mark.parametrize("text", ["", CHALLENGE[:-1], CHALLENGE + "=", CHALLENGE[:-1] + "+", VERIFIER + "x"])
def test_a_text_of_another_shape_is_not_a_challenge(text: str) -> None:
    assert not is_challenge(text)
