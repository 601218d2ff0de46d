"""What holds for all tests: none of them is a matter of time, and what they count is shown at the end."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

from app import log
from tests.support.logged import PATIENCE
from tests.support.tally import tables

if "CI" not in os.environ:  # there, hypothesis has a profile of its own: no deadline, and the same examples every time
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Let the log's thread write what a test logged while the test's output is still captured."""
    try:
        return (yield)
    finally:
        log.flush(PATIENCE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what the tests have counted."""
    reports = [one for of_a_kind in terminalreporter.stats.values() for one in of_a_kind]
    for lines in tables([one for one in reports if isinstance(one, pytest.TestReport) and one.when == "call"]):
        terminalreporter.write_sep("=", "counted")
        for line in lines:
            terminalreporter.write_line(line)
