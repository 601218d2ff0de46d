"""Unusable options: one sentence that names the option, and the right exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.adapters.tokens.key_files import KEY_FILE
from app.adapters.tokens.root_file import write_root
from app.cli import app
from app.registry.demo_credentials import installed_people
from app.safety.data_folder import DATABASE_FILE, claim_folder
from tests.support.environment import remove_settings
from tests.support.process import serve_command, start
from tests.support.server import signing_key


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "99999"], "--port: must be less than or equal to 65535\n"),
        (["--data", __file__], "--data: must be a folder, but is a file\n"),
        (["--store", "postgres://host"], "--store: must be sqlite, memory, or a URL that starts with mongodb"),
    ],
)
def test_one_sentence_names_an_unusable_option(options: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, ["serve", *options])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("words", ["serve --data", "serve --policy", "token ehr-a --data", "demo --policy"])
def test_an_empty_path_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [*words.split(), ""])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "must name a file or a folder" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_data_variable_writes_no_key_into_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREAUTH_DATA", "")
    assert CliRunner().invoke(app, ["serve", "--port", "0", "--policy", "nowhere.yaml"]).exit_code == 3
    assert CliRunner().invoke(app, ["token", "ehr-a"]).exit_code == 2  # no start has registered the client
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_the_version_is_that_of_the_installed_package() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"preauth {version('preauth')}\n")


PLAIN = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
"""Without its capabilities, root is bound by permissions, too."""

as_they_say = pytest.mark.skipif(bool(PLAIN) and shutil.which("setpriv") is None, reason="root may write everything")


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A read-only folder of a demo, with its key and its people."""
    folder = tmp_path / "data"
    claim_folder(folder, "demo")
    installed_people(folder)
    write_root(folder, "http://127.0.0.1:0")
    (folder / KEY_FILE).touch(0o600)
    (folder / KEY_FILE).write_bytes(signing_key().as_pem(private=True))
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


def preauth(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*PLAIN, sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@as_they_say
def test_a_token_needs_no_writable_folder(read_only: Path, tmp_path: Path) -> None:
    read_only.chmod(0o700)
    assert start(serve_command(read_only), tmp_path).stop() == 0
    read_only.chmod(0o500)
    made = preauth("token", "ehr-a", "--data", str(read_only))
    assert (made.returncode, made.stderr, made.stdout.count(".")) == (0, "", 2)


@as_they_say
def test_a_server_with_another_store_needs_no_writable_folder(read_only: Path, tmp_path: Path) -> None:
    server = start([*PLAIN, *serve_command(read_only, "--store", "memory")], tmp_path)
    assert server.stop() == 0


@as_they_say
def test_a_read_only_folder_is_refused_with_the_name_of_the_missing_file(read_only: Path) -> None:
    with_key = preauth("serve", "--port", "0", "--data", str(read_only))
    assert (with_key.returncode, with_key.stdout) == (3, "")
    assert with_key.stderr == f"{read_only / DATABASE_FILE} cannot be opened for writing: Permission denied.\n"
    read_only.chmod(0o700)
    (read_only / KEY_FILE).unlink()
    read_only.chmod(0o500)
    without = preauth("serve", "--port", "0", "--data", str(read_only))
    assert (without.returncode, without.stdout) == (3, "")
    assert without.stderr == f"{read_only / KEY_FILE} cannot be created: Permission denied.\n"
