"""Private files: for their owner only, never over another file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.safety.private_file import created


def test_a_private_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with created(tmp_path / "key") as file:
        file.write(b"secret")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "key").read_bytes() == b"secret"


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"another")
    with pytest.raises(FileExistsError), created(tmp_path / "key") as file:
        file.write(b"secret")
    assert (tmp_path / "key").read_bytes() == b"another"
