"""The log's lines as a test captured them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.log import flush

PATIENCE = 30
"""Seconds for the thread that writes the log, on a machine that does much else."""


def logged(capsys: pytest.CaptureFixture[str], event: str | None = None) -> list[dict[str, Any]]:
    """Return the lines that were logged, or those of one event; nothing was written to standard output."""
    assert flush(PATIENCE)
    captured = capsys.readouterr()
    assert captured.out == ""
    return [line for line in lines_of(captured.err) if event in (None, line["event"])]


def lines_of(text: str) -> list[dict[str, Any]]:
    """Read the log's lines out of what a server wrote to standard error; others are for whoever started it.

    A last line without its end is still being written.
    """
    return [json.loads(line) for line in text.splitlines(keepends=True) if line[0] == "{" and line[-1] == "\n"]
