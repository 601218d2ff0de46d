"""SIGTERM: requests in flight finish, new ones get 503, nothing is lost, and the process ends with 0."""

from __future__ import annotations

import json
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.api.reading import SAMPLES
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.raw import answers, connect, exchange, request, send, until_closed

BODY = (SAMPLES / "request-approve.json").read_bytes()
SUBMIT = "/fhir/Claim/$submit"


def begun(server: ServerProcess, folder: Path) -> socket.socket:
    """Send a submit without the second half of its body."""
    connection = connect(server.address)
    send(connection, submission(folder)[: -len(BODY) // 2])
    answer = exchange(server.address, request("/health", "Connection: close"))
    assert answer[0].status == 200  # the server has read what came before
    return connection


def submission(folder: Path, *lines: str) -> bytes:
    login = f"Authorization: {bearer(folder, 'ehr-a')}"
    return request(SUBMIT, login, "Content-Type: application/fhir+json", *lines, method="POST", body=BODY)


def until_ending(server: ServerProcess) -> None:
    """Wait until the server has noticed the signal."""
    server.process.send_signal(signal.SIGTERM)
    while exchange(server.address, request("/health", "Connection: close"))[0].status == 200:
        time.sleep(0.02)


@pytest.mark.acceptance("F68")
def test_requests_in_flight_finish_and_new_ones_get_503(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        with begun(server, tmp_path) as connection:
            until_ending(server)
            for new in (submission(tmp_path), request("/fhir/metadata")):
                (refused,) = exchange(server.address, new)
                assert (refused.status, refused.issue["code"]) == (503, "transient")
                assert int(refused.headers["retry-after"]) > 0
                assert "shutting down" in refused.issue["details"]["text"]
            send(connection, submission(tmp_path)[-len(BODY) // 2 :])
            (answer,) = answers(until_closed(connection))
        assert answer.status == 200
        assert server.stop() == 0
    with server_process(tmp_path) as server:
        (again,) = exchange(server.address, submission(tmp_path, "Connection: close"))
        assert server.stop() == 0
    assert json.loads(again.body) == json.loads(answer.body)


@pytest.mark.acceptance("F68")
def test_a_request_that_does_not_finish_ends_with_the_time_to_shut_down(tmp_path: Path) -> None:
    with server_process(tmp_path, shutdown_timeout=1) as server, begun(server, tmp_path) as connection:
        assert server.stop() == 0
        (answer,) = answers(until_closed(connection))
    assert (answer.status, answer.body) == (503, b"")  # PAS forbids an OperationOutcome here
    assert int(answer.headers["retry-after"]) > 0
    with server_process(tmp_path) as server:
        (fresh,) = exchange(server.address, submission(tmp_path, "Connection: close"))
    assert fresh.status == 200
