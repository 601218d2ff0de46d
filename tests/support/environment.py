"""The environment without settings of preauth, which the machine that runs the tests may have."""

from __future__ import annotations

import os

import pytest

SETTING = "PREAUTH_"


def plain_environment() -> dict[str, str]:
    """Return the variables for a process that a test starts: none of preauth."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SETTING)}


def remove_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the variables of preauth from the process of the test."""
    for name in list(os.environ):
        if name.upper().startswith(SETTING):
            monkeypatch.delenv(name)
