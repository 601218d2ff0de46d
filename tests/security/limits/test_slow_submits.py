"""200 slow submits of one client leave the server to the others."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.reading import SAMPLES
from tests.support.process import bearer, server_process
from tests.support.raw import answers, connect, exchange, request, send, until_closed

BODY = (SAMPLES / "request-approve.json").read_bytes()
SUBMIT = "/fhir/Claim/$submit"
SLOW = 200
CONCURRENT = 50
CLOSE = "Connection: close"


def login(folder: Path, client: str) -> str:
    return f"Authorization: {bearer(folder, client)}"


def submission(folder: Path, client: str) -> bytes:
    lines = (login(folder, client), "Content-Type: application/fhir+json", CLOSE)
    return request(SUBMIT, *lines, method="POST", body=BODY)


@pytest.mark.slow
@pytest.mark.acceptance("H82")
def test_slow_submits_of_a_client_leave_health_tokens_and_other_clients_alone(tmp_path: Path) -> None:
    limits = {"concurrent_requests_per_client": CONCURRENT, "max_connections_per_address": 2 * SLOW}
    with server_process(tmp_path, **limits) as server, ExitStack() as stack:
        slow = [stack.enter_context(connect(server.address)) for _ in range(SLOW)]
        whole = submission(tmp_path, "ehr-a")
        for connection in slow:
            send(connection, whole[:-100])

        for _ in range(3):
            (health,) = exchange(server.address, request("/health", CLOSE))
            form = ("Content-Type: application/x-www-form-urlencoded", CLOSE)
            (token,) = exchange(server.address, request("/oauth/token", *form, method="POST", body=b"grant_type=junk"))
            (other,) = exchange(server.address, request("/fhir/Claim", login(tmp_path, "ehr-b"), CLOSE))
            assert (health.status, other.status) == (200, 200)
            assert token.status in {400, 404}

        for connection in slow:
            send(connection, whole[-100:])
        statuses = [answers(until_closed(connection))[0].status for connection in slow]
        assert sorted(set(statuses)) == [200, 429]
        assert statuses.count(200) == CONCURRENT
        assert server.stop() == 0
