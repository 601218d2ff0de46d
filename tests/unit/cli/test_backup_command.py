"""`preauth backup` and `preauth restore` end with a sentence and an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app


@pytest.mark.parametrize(
    ("store", "sentence"),
    [
        ("memory", "The store is in memory: there is nothing to back up."),
        ("mongodb://host/", "The store is MongoDB: use mongodump --oplog"),
        ("mongodb+srv://host/", "The store is MongoDB: use mongodump --oplog"),
    ],
)
def test_another_store_than_sqlite_is_refused(tmp_path: Path, store: str, sentence: str) -> None:
    result = CliRunner().invoke(app, ["backup", str(tmp_path / "a.tar"), "--data", str(tmp_path), "--store", store])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["backup", "a.tar"], "data has no database of a server."),
        (["restore", "a.tar"], "a.tar cannot be restored: No such file or directory."),
        (["restore", "a.tar", "--data", ""], "must name a file or a folder"),
    ],
)
def test_an_unusable_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
