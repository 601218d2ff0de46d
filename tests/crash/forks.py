"""Start servers as forks of one process that has imported and compiled all: a start takes a tenth of the usual time.

`python -m tests.crash.forks KIND FOLDER` reads a line for each step. `start` forks a server, which prints `ready URL`,
or `ended` if it does not start; `kill` kills it and prints `killed`. The end of the input kills it, too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

from msgspec import Struct

from app.cli.serving.serve import serve
from app.composition import conformance
from app.policy.loading import SHIPPED_POLICIES, load_policies
from app.settings import load_settings
from tests.crash.torn import serve_torn
from tests.house.code import ROOT
from tests.support.process import LOG_FILE, address_of, surroundings

WHOLE, TORN = "whole", "torn"
SERVERS: Mapping[str, Callable[[Path], object]] = {WHOLE: lambda data: serve(port=0, data=data), TORN: serve_torn}


class Fork(Struct, frozen=True, eq=False):
    """A server that takes requests at `address`."""

    address: tuple[str, int]


class Forks:
    """A process that forks one server at a time, each on a port of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self) -> Fork:
        """Start a server, and wait until it takes requests."""
        word, _, url = self._told("start").partition(" ")
        assert word == "ready", "the server did not start; its log says why"
        return Fork(address_of(url))

    def kill(self) -> None:
        """Kill the server, and wait until it is gone."""
        assert self._told("kill") == "killed"

    def _told(self, step: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{step}\n")
        return self._process.stdout.readline().strip()


@contextmanager
def forks(kind: str, folder: Path, **settings: object) -> Iterator[Forks]:
    """Run the process; its servers append their log to a file in `folder`."""
    command = [sys.executable, "-m", "tests.crash.forks", kind, str(folder)]
    with (folder / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1, cwd=ROOT,
            env=surroundings(settings),
        )  # fmt: skip
    with process:
        yield Forks(process)


def _main(kind: str, folder: Path) -> None:
    compiled, policies = conformance(load_settings(data=folder)), load_policies(SHIPPED_POLICIES)
    child = 0
    for step in sys.stdin:
        if step == "kill\n":
            _kill(child)
            child = 0
            _say("killed")
        elif not (child := os.fork()):
            with (
                patch("app.composition.conformance", lambda _: compiled),
                patch("app.composition.load_policies", lambda _: policies),
            ):
                _serve(partial(SERVERS[kind], folder))
    if child:
        _kill(child)


def _serve(server: Callable[[], object]) -> None:
    """Serve in a forked process until it is killed."""
    try:
        server()
    finally:
        _say("ended")
        os._exit(1)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
