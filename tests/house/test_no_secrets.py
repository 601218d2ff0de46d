"""No file of the repository has a key, a token or a password of a service."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.code import ROOT

FOLDERS = ("app", "capability", "profiles", "tests", ".ci", ".github")
SECRETS = {
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\\n\s]{64,}",
    "private JWK": r"\"(?:d|p|q|k)\"\s*:\s*\"[A-Za-z0-9_-]{40,}\"",
    "JWT": r"eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}",
    "AWS key": r"\bAKIA[0-9A-Z]{16}\b",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "password in a URL": r"\b(?:mongodb(?:\+srv)?|https?)://[\w.-]+:(?!word\b|PASSWORD\b|hunter2\b|w@)[^\s@/${}\"'`]{8,}@",
}
SECRET = re.compile("|".join(f"(?:{pattern})" for pattern in SECRETS.values()))


def files() -> list[Path]:
    """Return the text files that the repository has."""
    below = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()]
    beside = [file for file in ROOT.iterdir() if file.is_file()]
    return [file for file in (*below, *beside) if "__pycache__" not in file.parts and "vendor" not in file.parts]


@pytest.mark.acceptance("G75")
def test_no_file_of_the_repository_has_a_secret() -> None:
    found = [file for file in files() if SECRET.search(file.read_text(encoding="utf-8", errors="replace"))]
    assert [file.relative_to(ROOT).as_posix() for file in found] == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE " + "KEY-----\n" + "A" * 64,
        '"d": "' + "x" * 43 + '"',
        ".".join(("eyJ" + "a" * 20, "eyJ" + "b" * 20, "c" * 43)),
        "AKIA" + "Z" * 16,
        "ghp_" + "a" * 36,
        "mongodb://preauth:" + "5f4dcc3b5aa7" + "@host/",
    ],
)
def test_each_kind_of_secret_is_noticed(text: str) -> None:
    assert SECRET.search(text)
