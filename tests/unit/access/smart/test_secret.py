"""Hashes of client secrets and passwords."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from app.access.smart.secret import LONGEST_SECRET, hashed, is_hash, is_outdated, is_secret, new_secret, waste_time


def test_only_the_secret_itself_fits_its_hash() -> None:
    stored = hashed("s3cret é")
    assert is_secret("s3cret é", stored)
    assert not is_secret("s3cret e", stored)
    assert "s3cret" not in stored


def test_equal_secrets_have_different_hashes() -> None:
    assert hashed("same") != hashed("same")


def test_a_secret_that_is_too_long_never_fits_even_if_its_beginning_does() -> None:
    longest = "x" * LONGEST_SECRET
    stored = hashed(longest)
    assert is_secret(longest, stored)
    assert not is_secret(longest + "x", stored)


def test_a_secret_that_is_too_long_takes_as_long_as_one_of_an_unknown_account(monkeypatch: pytest.MonkeyPatch) -> None:
    stored, calls, scrypt = hashed("x"), list[int](), hashlib.scrypt

    def counted(secret: bytes, **parameters: Any) -> bytes:
        calls.append(len(secret))
        return scrypt(secret, **parameters)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    secret = "x" * (LONGEST_SECRET + 1)
    assert not is_secret(secret, stored)
    waste_time(secret)
    assert calls == [LONGEST_SECRET] * 2


def test_a_stored_value_of_another_kind_never_fits() -> None:
    with pytest.raises(ValueError, match="scrypt"):
        is_secret("x", "plain$1$1$1$eA==$eA==")


def test_a_new_secret_is_long_and_never_the_same() -> None:
    assert new_secret() != new_secret()
    assert len(new_secret()) >= 43


def test_a_hash_of_another_cost_is_valid_and_outdated() -> None:
    older = "scrypt$16384$8$1$AAECAwQFBgcICQoLDA0ODw==$DGS4UmdRuTT0PKFYVAzlQpWfEgvjZCGvL5xWdOkdXmk="
    assert is_secret("demo", older)
    assert is_outdated(older)
    assert not is_outdated(hashed("demo"))


@pytest.mark.parametrize(
    "stored",
    [
        "demo",
        "",
        "scrypt$1$8$1$AAECAwQFBgcICQoLDA0ODw==$DGS4UmdRuTT0PKFYVAzlQpWfEgvjZCGvL5xWdOkdXmk=",
        "scrypt$1073741824$8$1$AAECAwQFBgcICQoLDA0ODw==$DGS4UmdRuTT0PKFYVAzlQpWfEgvjZCGvL5xWdOkdXmk=",
        "scrypt$16384$99$1$AAECAwQFBgcICQoLDA0ODw==$DGS4UmdRuTT0PKFYVAzlQpWfEgvjZCGvL5xWdOkdXmk=",
        "scrypt$16384$8$1$AAECAwQFBgcICQoLDA0ODw==$AAAA",
        "scrypt$16384$8$1$not base64$DGS4UmdRuTT0PKFYVAzlQpWfEgvjZCGvL5xWdOkdXmk=",
    ],
)
def test_malformed_and_expensive_hashes_are_refused(stored: str) -> None:
    assert not is_hash(stored)
