"""Hashes of client secrets and passwords."""

from __future__ import annotations

import pytest

from app.access.smart.secret import LONGEST_SECRET, hashed, is_secret


def test_only_the_secret_itself_fits_its_hash() -> None:
    stored = hashed("s3cret é")
    assert is_secret("s3cret é", stored)
    assert not is_secret("s3cret e", stored)
    assert "s3cret" not in stored


def test_equal_secrets_have_different_hashes() -> None:
    assert hashed("same") != hashed("same")


def test_a_long_secret_is_refused_without_a_hash() -> None:
    assert not is_secret("x" * (LONGEST_SECRET + 1), hashed("x"))


def test_a_stored_value_of_another_kind_never_fits() -> None:
    with pytest.raises(ValueError, match="scrypt"):
        is_secret("x", "plain$1$1$1$eA==$eA==")
