"""`preauth keys` lists and rotates the keys of a data folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.adapters.tokens.key_files import load_key
from app.cli import app
from tests.support.keys import write_key
from tests.support.server import signing_key


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_key(tmp_path, signing_key().as_pem(private=True))
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["keys", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_rotation_is_listed_with_the_time_until_which_the_old_key_verifies(data: Path) -> None:
    old = signing_key().kid
    assert run("list", "--data", str(data)) == (0, f"{old}  signs\n", "")
    code, printed, _ = run("rotate", "--data", str(data))
    new = load_key(data).kid
    assert (code, printed) == (0, f"{new}  signs in every server of the folder within 60 seconds\n")
    assert run("list", "--data", str(data))[1].startswith(f"{new}  signs\n{old}  verifies until 20")


@pytest.mark.parametrize("command", ["list", "rotate"])
def test_a_missing_key_is_not_created(tmp_path: Path, command: str) -> None:
    code, printed, error = run(command, "--data", str(tmp_path / "new"))
    assert (code, printed) == (2, "")
    assert "has no signing key. Start a server first: " in error
    assert not (tmp_path / "new").exists()


def test_a_key_that_others_could_read_is_refused(data: Path) -> None:
    (data / "token-key.pem").chmod(0o644)
    code, printed, error = run("rotate", "--data", str(data))
    assert (code, printed) == (3, "")
    assert "Run: chmod 600" in error
