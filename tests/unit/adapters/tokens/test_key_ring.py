"""A rotated key signs in every process within a minute, and the key before it verifies as long as its tokens."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.access.grant import InvalidToken
from app.access.smart.access_token import LONGEST_LIFETIME, SKEW
from app.adapters.tokens.key_files import (
    KEY_FILE,
    NEW_KEY_BITS,
    PICKED_UP_WITHIN,
    load_key,
    load_or_create_key,
    retired_keys,
    rotate_key,
)
from app.adapters.tokens.key_ring import FRESH_FOR, KeyRing
from app.adapters.tokens.own_tokens import OwnTokens, mint
from tests.support.keys import write_key
from tests.support.server import ROOT, START, HeldClock, signing_key

LAST_TOKEN = timedelta(seconds=PICKED_UP_WITHIN) + LONGEST_LIFETIME + SKEW


@dataclass(slots=True)
class Stopwatch:
    seconds: float = 0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_key(tmp_path, signing_key().as_pem(private=True))
    return tmp_path


def test_a_rotation_keeps_the_key_before_it_until_its_last_token_has_expired(folder: Path) -> None:
    before = load_key(folder)
    after = rotate_key(folder, START.timestamp())
    assert load_key(folder).kid == after.kid != before.kid
    (retired,) = retired_keys(folder)
    assert retired.key.kid == before.kid
    assert retired.until == (START + LAST_TOKEN).timestamp()
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_new_key_has_3072_bits(tmp_path: Path) -> None:
    assert load_or_create_key(tmp_path).raw_value.key_size == NEW_KEY_BITS == 3072
    assert rotate_key(tmp_path, START.timestamp()).raw_value.key_size == NEW_KEY_BITS


def test_two_rotations_in_one_second_keep_both_keys(folder: Path) -> None:
    first = load_key(folder)
    second = rotate_key(folder, START.timestamp())
    rotate_key(folder, START.timestamp())
    assert {row.key.kid for row in retired_keys(folder)} == {first.kid, second.kid}


def test_a_later_rotation_removes_keys_without_valid_tokens(folder: Path) -> None:
    second = rotate_key(folder, START.timestamp())
    rotate_key(folder, (START + LAST_TOKEN).timestamp() + 1)
    assert [row.key.kid for row in retired_keys(folder)] == [second.kid]


def test_a_folder_without_a_key_cannot_be_rotated(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rotate_key(tmp_path, START.timestamp())


async def test_another_process_signs_with_the_new_key_within_a_minute(folder: Path) -> None:
    watch = Stopwatch()
    ring = KeyRing(folder, watch)
    new = rotate_key(folder, START.timestamp())
    assert (await ring.keys()).signing.kid != new.kid
    watch.seconds = FRESH_FOR
    assert FRESH_FOR < PICKED_UP_WITHIN
    assert (await ring.keys()).signing.kid == new.kid


@pytest.mark.acceptance("A16")
async def test_tokens_of_the_old_key_are_valid_until_they_expire_and_the_key_set_has_both_meanwhile(
    folder: Path,
) -> None:
    watch, clock = Stopwatch(), HeldClock()
    tokens = OwnTokens(KeyRing(folder, watch), ROOT, clock)
    old = mint(signing_key(), ROOT, "ehr-a", ["system/*.rs"], START, lifetime=timedelta(hours=1))
    new_key = rotate_key(folder, START.timestamp())
    new = mint(new_key, ROOT, "ehr-a", ["system/*.rs"], START, lifetime=timedelta(hours=1))
    watch.seconds = 1
    assert (await tokens.verify(new, START)).client == "ehr-a"  # an unknown key makes the server read the folder
    assert (await tokens.verify(old, START)).client == "ehr-a"
    assert [key["kid"] for key in (await tokens.key_set())["keys"]] == [new_key.kid, signing_key().kid]
    clock.move(hours=1)
    with pytest.raises(InvalidToken, match="expired"):
        await tokens.verify(old, clock.now())
    clock.instant = START + LAST_TOKEN
    assert [key["kid"] for key in (await tokens.key_set())["keys"]] == [new_key.kid]


async def test_a_retired_key_does_not_verify_a_token_signed_with_it_later(folder: Path) -> None:
    rotate_key(folder, START.timestamp())
    tokens = OwnTokens(KeyRing(folder), ROOT, HeldClock())
    later = START + LAST_TOKEN
    stolen = mint(signing_key(), ROOT, "ehr-a", ["system/*.rs"], later, lifetime=timedelta(hours=1))
    with pytest.raises(InvalidToken, match="not a token that this server issued"):
        await tokens.verify(stolen, later)


async def test_the_key_set_has_no_private_member(folder: Path) -> None:
    (key,) = (await OwnTokens(KeyRing(folder), ROOT, HeldClock()).key_set())["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "use", "alg"}


async def test_keys_that_can_no_longer_be_read_stay_in_use(folder: Path) -> None:
    watch = Stopwatch()
    ring = KeyRing(folder, watch)
    (folder / KEY_FILE).chmod(0o644)
    (folder / "token-key.until-9999999999.pem").touch(0o600)
    watch.seconds = FRESH_FOR
    assert (await ring.keys()).signing.kid == signing_key().kid


async def test_an_unknown_key_makes_the_server_read_the_folder_once_a_second(folder: Path) -> None:
    watch = Stopwatch()
    ring = KeyRing(folder, watch)
    new = rotate_key(folder, START.timestamp())
    assert (await ring.newest()).signing.kid != new.kid
    watch.seconds = 1
    assert (await ring.newest()).signing.kid == new.kid
