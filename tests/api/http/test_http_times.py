"""Stalled connections and connections beyond the limits; tested with real processes and short timeouts."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.support.logged import lines_of
from tests.support.process import LOG_FILE, ServerProcess, bearer, serve_command, server_process, start
from tests.support.raw import PATIENCE, answers, connect, exchange, request, send, until_closed

SUBMIT = "/fhir/Claim/$submit"
HALF = b"GET /fhir/metadata HTTP/1.1\r\nHost: preauth.test\r\nX-"
PAUSE = 0.05


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("times")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ServerProcess]:
    """A server without patience."""
    with server_process(folder, header_timeout=1, body_timeout=1) as running:
        yield running


def post(folder: Path, length: int, body: bytes) -> bytes:
    lines = ("Content-Type: application/fhir+json", f"Content-Length: {length}")
    return request(SUBMIT, f"Authorization: {bearer(folder, 'ehr-a')}", *lines, method="POST") + body


def test_a_silent_connection_is_closed(server: ServerProcess) -> None:
    assert exchange(server.address, b"") == []


@pytest.mark.acceptance("C44")
@pytest.mark.parametrize("begun", [b"G", HALF, request("/health") + HALF], ids=["method", "head", "second head"])
def test_a_head_that_stays_incomplete_times_out(server: ServerProcess, begun: bytes) -> None:
    *_, answer = exchange(server.address, begun)
    assert (answer.status, answer.issue["code"], answer.headers["connection"]) == (408, "timeout", "close")


@pytest.mark.acceptance("C44")
def test_a_body_that_stays_incomplete_times_out(server: ServerProcess, folder: Path) -> None:
    (answer,) = exchange(server.address, post(folder, 1000, b"{" * 500))
    assert (answer.status, answer.issue["code"], answer.headers["connection"]) == (408, "timeout", "close")


def test_an_unread_body_that_stays_incomplete_ends_the_connection(server: ServerProcess) -> None:
    (answer,) = exchange(server.address, request(SUBMIT, "Content-Length: 1000", method="POST") + b"{")
    assert (answer.status, answer.headers["connection"]) == (401, "close")


@pytest.mark.acceptance("C44")
@pytest.mark.slow
@pytest.mark.parametrize("what", ["head", "body", "blank lines"])
def test_a_slow_trickle_of_bytes_does_not_prevent_a_timeout(server: ServerProcess, folder: Path, what: str) -> None:
    begun = {"head": HALF, "body": post(folder, 1000, b""), "blank lines": request("/health")}[what]
    with connect(server.address) as connection:
        send(connection, begun)
        assert dribbled(connection, b"\r\n" if what == "blank lines" else b"a"), "the connection stays open"


def dribbled(connection: socket.socket, piece: bytes) -> bool:
    """Send a little again and again; return whether the server ended the connection."""
    deadline = time.monotonic() + PATIENCE
    connection.settimeout(PAUSE)
    while time.monotonic() < deadline:
        send(connection, piece)
        try:
            if connection.recv(65_536) == b"":
                return True
        except TimeoutError:
            continue
        except ConnectionResetError:
            return True
    return False


LITTLE = {"max_body_bytes": 16_000, "max_inflight_bytes": 16_000, "max_inflight_bytes_per_client": 16_000}
"""Less than one CapabilityStatement."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings", [{"body_timeout": 1}, {"body_timeout": 600, **LITTLE}], ids=["stalled", "too much"]
)
def test_a_client_that_reads_no_answers_loses_the_connection(tmp_path: Path, settings: dict[str, object]) -> None:
    with server_process(tmp_path, **settings) as server, connect(server.address) as connection:
        asked = 0
        while asked < 2000 and answered_in(tmp_path) == asked:
            send(connection, request())
            asked += 1
            wait_for(partial(has_answered_or_ended, tmp_path, asked, connection), seconds=5)
        assert 0 < answered_in(tmp_path) < 2000
        wait_for(lambda: is_reset(connection), seconds=PATIENCE)
        assert is_reset(connection)


def answered_in(folder: Path) -> int:
    return (folder / LOG_FILE).read_bytes().count(b'"event":"request"')


def wait_for(holds: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.005)


def has_answered_or_ended(folder: Path, count: int, connection: socket.socket) -> bool:
    """Return whether there are so many answers, or the other side has ended the connection; write and read nothing."""
    poll = select.poll()
    poll.register(connection, 0)
    return answered_in(folder) == count or bool(poll.poll(0))


def is_reset(connection: socket.socket) -> bool:
    """Return whether the other side has thrown the connection away, without reading from it."""
    try:
        connection.sendall(b"\r\n")
    except (BrokenPipeError, ConnectionResetError):
        return True
    return False


def test_connections_above_the_limits_get_a_retry_after(tmp_path: Path) -> None:
    with server_process(tmp_path, max_connections_per_address=2) as server:
        with connect(server.address) as first, connect(server.address) as second:
            assert is_served(first)
            assert is_served(second)
            (answer,) = exchange(server.address, request())
            assert (answer.status, answer.headers["connection"]) == (503, "close")
            assert int(answer.headers["retry-after"]) > 0
            assert answer.issue["code"] == "transient"
        wait_for(lambda: exchange(server.address, request("/health", "Connection: close"))[0].status == 200, seconds=5)
        assert exchange(server.address, request("/health", "Connection: close"))[0].status == 200
        wait_for(lambda: bool(refusals_in(tmp_path)), seconds=5)
        assert {line["fault"] for line in refusals_in(tmp_path)} == {"transient"}


def test_all_connections_together_have_a_limit(tmp_path: Path) -> None:
    with server_process(tmp_path, max_connections=1) as server, connect(server.address) as only:
        assert is_served(only)
        assert [answer.status for answer in exchange(server.address, request())] == [503]


def test_a_low_limit_of_open_files_does_not_limit_the_connections(tmp_path: Path) -> None:
    few = ["sh", "-c", 'ulimit -S -n 64 && exec "$@"', "sh"]
    with ExitStack() as opened:
        server = start([*few, *serve_command(tmp_path)], tmp_path)
        opened.callback(server.stop)
        connections = [opened.enter_context(connect(server.address)) for _ in range(80)]
        assert all(is_served(connection) for connection in connections)


def is_served(connection: socket.socket) -> bool:
    send(connection, request("/health"))
    return connection.recv(65_536).startswith(b"HTTP/1.1 200")


def refusals_in(folder: Path) -> list[dict[str, object]]:
    lines = lines_of((folder / LOG_FILE).read_text(encoding="utf-8"))
    return [line for line in lines if line["event"] == "connections refused"]


def test_a_body_that_is_given_up_leaves_the_connections_of_others_alone(server: ServerProcess, folder: Path) -> None:
    with connect(server.address) as connection:
        send(connection, post(folder, 1000, b"{"))
    with connect(server.address) as connection:
        send(connection, request("/health", "Connection: close"))
        assert [answer.status for answer in answers(until_closed(connection))] == [200]
