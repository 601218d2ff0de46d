"""What all tests share: settings, the servers they call, and tables of counts at the end."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from _pytest.nodeid import coerce_node_id
from hypothesis import settings

from app import log
from app.conformance.strictness import Level
from app.log import lines as log_lines
from tests.support.canary import WATCHED
from tests.support.logged import PATIENCE
from tests.support.server import Server, at_level, serving
from tests.support.subscribing import Endpoint
from tests.support.tally import tables
from tests.wire import mongodb

if "CI" not in os.environ:  # there, hypothesis has a profile of its own: no deadline, and the same examples every time
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


WATCHED.watch(log_lines._writer)

MORE_WORKERS = 2
"""Workers of `-n auto` beyond the processors: tests wait for disks and for other programs half of their time."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of workers of `-n auto`."""
    return (os.cpu_count() or 1) + MORE_WORKERS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of a group their group: pytest-xdist 3.8 names it in `_nodeid`, which pytest 9.2 does not read."""
    for item in items:
        grouped = vars(item).get("_nodeid")
        if grouped is not None:
            item._id = coerce_node_id(grouped)


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server with the wire protocol of MongoDB, and return its URL."""
    with mongodb(tmp_path_factory.mktemp("mongodb")) as url:
        yield url


@pytest.fixture
def endpoint() -> Endpoint:
    """The endpoint of all subscribers."""
    return Endpoint()


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    async with serving(tmp_path, notifier=endpoint) as running:
        yield running


@pytest.fixture
async def lenient_server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that lets through what R4 allows, for tests of what comes behind the profiles."""
    async with serving(tmp_path, conformance=at_level(Level.LENIENT)) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Flush the log while pytest still captures the test's output; fail if a line has a canary."""
    try:
        return (yield)
    finally:
        log.flush(PATIENCE)
        leaked = WATCHED.take()
        assert not leaked, f"the log has {leaked}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the tables that tests have counted."""
    reports = [one for of_a_kind in terminalreporter.stats.values() for one in of_a_kind]
    for lines in tables([one for one in reports if isinstance(one, pytest.TestReport) and one.when == "call"]):
        terminalreporter.write_sep("=", "counted")
        for line in lines:
            terminalreporter.write_line(line)
