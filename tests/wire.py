"""A server that speaks MongoDB's protocol, as its own process, for as long as a test needs it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymongo
import pytest


@contextmanager
def wire_server(folder: Path, *options: str) -> Iterator[str]:
    """Start the server on a free loopback port with its data in `folder`; give its address; stop it.

    Where it is not installed, the test that asks is skipped, and fails under CI.
    """
    port = _free_port()
    command = [_program(), "--host", "127.0.0.1", "--port", str(port), "--storage-path", str(folder), *options]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait_for("127.0.0.1", port, process)
            yield f"mongodb://127.0.0.1:{port}/"
        finally:
            process.terminate()


@contextmanager
def mongodb(folder: Path) -> Iterator[str]:
    """Give the address of the MongoDB that the environment names, or of a server started for it."""
    if url := os.environ.get("PREAUTH_TEST_MONGODB_URL"):
        yield url
    else:
        with wire_server(folder, "--log-level", "ERROR") as url:
            yield url


def drop(url: str, database: str) -> None:
    """Remove a test's database."""
    with pymongo.MongoClient[dict[str, object]](url) as client:
        client.drop_database(database)


def _program() -> str:
    beside = Path(sys.executable).with_name("secantusd-py")
    if found := shutil.which(beside) or shutil.which(beside.name):
        return found
    message = "secantusd-py is not installed: nothing of the MongoDB store is tested"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_for(host: str, port: int, process: subprocess.Popen[bytes]) -> None:
    address = f"mongodb://{host}:{port}/?directConnection=true&serverSelectionTimeoutMS=500"
    for _ in range(60):
        assert process.poll() is None, "the server ended before it answered"
        with pymongo.MongoClient[dict[str, object]](address) as client:
            try:
                client.admin.command("ping")
            except pymongo.errors.ConnectionFailure:
                continue
            return
    pytest.fail("the server did not answer within half a minute")
