"""`preauth init` prepares a folder once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.adapters.tokens.key_files import KEY_FILE
from app.cli import app
from app.safety.data_folder import mode_of_folder


def init(data: Path, environment: str) -> Result:
    plain = dict.fromkeys(name for name in os.environ if name.startswith("PREAUTH_"))
    return CliRunner().invoke(app, ["init", "--data", str(data)], env={**plain, "PREAUTH_ENVIRONMENT": environment})


@pytest.mark.parametrize("mode", ["demo", "production"])
def test_a_new_folder_gets_the_mode_and_a_key_and_a_second_run_keeps_both(tmp_path: Path, mode: str) -> None:
    folder = tmp_path / "data"
    first = init(folder, mode)
    assert first.exit_code == 0
    assert first.stdout.startswith(f"{folder} is a folder for mode {mode}; ")
    key = (folder / KEY_FILE).read_bytes()
    assert init(folder, mode).stdout == first.stdout
    assert (folder / KEY_FILE).read_bytes() == key
    assert mode_of_folder(folder) == mode


def test_a_folder_of_the_other_mode_is_refused(tmp_path: Path) -> None:
    init(tmp_path / "data", "demo")
    refused = init(tmp_path / "data", "production")
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "in mode demo" in refused.stderr


def test_an_unusable_setting_is_refused(tmp_path: Path) -> None:
    assert init(tmp_path / "data", "staging").exit_code == 2
