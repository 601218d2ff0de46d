"""A data folder carries the mode of its first server."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.adapters.tokens.key_files import KEY_FILE
from app.safety.data_folder import DATABASE_FILE, MODE_FILE, claim_folder, mode_of_folder

MODES = ["demo", "production"]


@pytest.mark.parametrize("mode", MODES)
def test_an_unused_folder_takes_the_mode_and_keeps_it(tmp_path: Path, mode: str) -> None:
    folder = tmp_path / "new"
    assert mode_of_folder(folder) is None
    claim_folder(folder, mode)
    claim_folder(folder, mode)
    assert mode_of_folder(folder) == mode
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / MODE_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", MODES)
def test_a_folder_of_the_other_mode_is_refused_and_not_changed(tmp_path: Path, mode: str) -> None:
    claim_folder(tmp_path, mode)
    [other] = [name for name in MODES if name != mode]
    with pytest.raises(RuntimeError, match=f"in mode {mode}, and this server is in mode {other}"):
        claim_folder(tmp_path, other)
    assert mode_of_folder(tmp_path) == mode


@pytest.mark.parametrize("name", [KEY_FILE, DATABASE_FILE])
def test_a_folder_of_0_1_0_counts_as_a_demo(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(RuntimeError, match="in mode demo"):
        claim_folder(tmp_path, "production")
    assert not (tmp_path / MODE_FILE).exists()
    claim_folder(tmp_path, "demo")
    assert (tmp_path / MODE_FILE).read_text(encoding="utf-8") == "demo\n"


def test_a_folder_that_cannot_be_written_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RuntimeError, match="file/below: Not a directory"):
        claim_folder(tmp_path / "file/below", "demo")


@pytest.mark.parametrize("mark", [b"prod\n", b"", b"\xff", None])
def test_a_mark_that_is_garbled_is_neither_mode(tmp_path: Path, mark: bytes | None) -> None:
    if mark is None:
        (tmp_path / MODE_FILE).mkdir()
    else:
        (tmp_path / MODE_FILE).write_bytes(mark)
    for mode in MODES:
        with pytest.raises(RuntimeError, match=r"must have the word demo or production"):
            claim_folder(tmp_path, mode)


def test_many_processes_claim_one_new_folder_at_once(tmp_path: Path) -> None:
    for number in range(20):
        folder = tmp_path / str(number)
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(claim_folder, [folder] * 16, ["demo"] * 16))
        assert [path.name for path in folder.iterdir()] == [MODE_FILE]
