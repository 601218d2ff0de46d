"""The log's lines as a test captured them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.log import flush
from tests.support.canary import leaks

PATIENCE = 30
"""Seconds to wait for the log's thread on a busy machine."""


def logged(capsys: pytest.CaptureFixture[str], event: str | None = None) -> list[dict[str, Any]]:
    """Return the captured lines of the log, or those of one event; fail if standard output is not empty."""
    assert flush(PATIENCE)
    captured = capsys.readouterr()
    assert captured.out == ""
    return [line for line in lines_of(captured.err) if event in (None, line["event"])]


def lines_of(text: str) -> list[dict[str, Any]]:
    """Return the log lines among the text that a server wrote to standard error.

    A last line without a line feed is skipped: the server is still writing it.
    """
    assert leaks(text) == []
    return [json.loads(line) for line in text.splitlines(keepends=True) if line[0] == "{" and line[-1] == "\n"]
