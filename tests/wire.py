"""Run a server with MongoDB's wire protocol in its own process while a test needs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymongo
import pytest

START_SECONDS = 30
PAUSE = 0.02
LISTENING = re.compile(rb"secantus listening on 127\.0\.0\.1:(\d+)\n")


@contextmanager
def wire_server(folder: Path, *options: str) -> Iterator[str]:
    """Start the server on a free loopback port with its data in `folder`; yield its address; stop it.

    If the server is not installed, skip the test, or fail under CI.
    """
    command = [_program(), "--host", "127.0.0.1", "--port", "0", "--storage-path", str(folder), *options]
    said = folder / "log"
    with said.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield f"mongodb://127.0.0.1:{_port(said, process)}/"
        finally:
            process.kill()  # its data is of no use any more, and it does not always end when asked to


@contextmanager
def mongodb(folder: Path) -> Iterator[str]:
    """Yield the address of the MongoDB in the environment, or of a server started here."""
    if url := os.environ.get("PREAUTH_TEST_MONGODB_URL"):
        yield url
    else:
        with wire_server(folder) as url:
            yield url


def drop(url: str, database: str) -> None:
    """Remove a test's database."""
    with pymongo.MongoClient[dict[str, object]](url) as client:
        client.drop_database(database)


def _program() -> str:
    beside = Path(sys.executable).with_name("secantusd-py")
    if found := shutil.which(beside) or shutil.which(beside.name):
        return found
    message = "secantusd-py is not installed; the MongoDB store cannot be tested"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def _port(said: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until the server prints its address."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, said.read_text(encoding="utf-8")
        if found := LISTENING.search(said.read_bytes()):
            return int(found[1])
        time.sleep(PAUSE)
    pytest.fail("the server did not print its address within half a minute")
