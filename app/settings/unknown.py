"""Refuse unknown `PREAUTH_*` variables: a misspelled setting would silently do nothing."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection

PREFIX = "PREAUTH_"
OF_THE_TESTS = frozenset({"PREAUTH_SHARED", "PREAUTH_TEST_MONGODB_URL", "PREAUTH_TEST_CHROMIUM"})
"""Variables that the test suite reads, not the server."""


def variable_of(setting: str) -> str:
    """Return the name of a setting's variable, such as `PREAUTH_BASE_URL`."""
    return PREFIX + setting.upper()


def unknown_variables(settings: Collection[str]) -> list[str]:
    """Return a sentence for each variable of the environment that has the prefix and names no setting."""
    known = [variable_of(setting) for setting in settings]
    unknown = sorted({name.upper() for name in os.environ} - {*known, *OF_THE_TESTS})
    return [_sentence(name, known) for name in unknown if name.startswith(PREFIX)]


def _sentence(name: str, known: list[str]) -> str:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
    return f"{name} is an unknown setting. The nearest one is {nearest}."
