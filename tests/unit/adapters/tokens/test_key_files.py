"""The signing key is created once, for its owner only, and refused if others can read it."""

from __future__ import annotations

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

from app.adapters.tokens.key_files import KEY_FILE, create_key, load_or_create_key
from tests.support.keys import write_key


def test_the_key_is_created_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = load_or_create_key(folder)
    again = load_or_create_key(folder)
    assert again.kid == first.kid
    assert again.as_pem(private=True) == first.as_pem(private=True)
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o601, 0o644])
def test_a_key_that_others_could_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / KEY_FILE
    load_or_create_key(tmp_path)
    path.chmod(mode)
    with pytest.raises(RuntimeError, match=f"Run: chmod 600 {path}$"):
        load_or_create_key(tmp_path)
    for kept in (0o600, 0o400):
        path.chmod(kept)
        load_or_create_key(tmp_path)


def key_id(folder: Path) -> str | None:
    return load_or_create_key(folder).kid


@pytest.mark.slow
def test_processes_that_race_for_the_first_key_get_one_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        ids = list(pool.map(key_id, [tmp_path] * 8))
    assert len(set(ids)) == 1
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_a_second_create_leaves_the_first_key_in_place(tmp_path: Path) -> None:
    first = load_or_create_key(tmp_path)
    create_key(tmp_path / KEY_FILE)
    assert load_or_create_key(tmp_path).kid == first.kid
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_key_file_without_a_key_is_refused_and_unchanged(tmp_path: Path, content: bytes) -> None:
    write_key(tmp_path, content)
    with pytest.raises(RuntimeError, match="has no RSA key"):
        load_or_create_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_public_or_short_key_is_refused(tmp_path: Path) -> None:
    write_key(tmp_path, RSAKey.generate_key(2048).as_pem(private=False))
    with pytest.raises(RuntimeError, match="2048 bits"):
        load_or_create_key(tmp_path)
    with pytest.warns(SecurityWarning):
        write_key(tmp_path, RSAKey.generate_key(1024).as_pem(private=True))
    with pytest.warns(SecurityWarning), pytest.raises(RuntimeError, match="2048 bits"):
        load_or_create_key(tmp_path)
