"""The log of a server process: it never blocks, begins with the start, and has no error for an aborted upload."""

from __future__ import annotations

import re
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import httpx

from app.pas.edition import EDITIONS
from app.release import release
from tests.api.reading import SAMPLES
from tests.support.environment import plain_environment
from tests.support.logged import lines_of
from tests.support.process import LOG_FILE, bearer, serve_command, server_process

HANGS = 30
"""Seconds after which a test regards a process as hanging."""

UNPACED = {"PREAUTH_ANONYMOUS_REQUESTS_PER_SECOND": "1000"}

BODY = (SAMPLES / "request-approve.json").read_bytes()


def test_a_blocked_reader_of_the_log_does_not_block_the_server(tmp_path: Path) -> None:
    clean = plain_environment()
    command = serve_command(tmp_path, "--store", "memory")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**clean, **UNPACED}
    ) as process:
        try:
            assert process.stdout is not None
            base = process.stdout.readline().split()[1]
            with httpx.Client(trust_env=False, timeout=HANGS) as client:
                statuses = [client.get(f"{base}/nowhere").status_code for _ in range(1_500)]
            process.terminate()
            assert process.wait(HANGS) == 0
            assert process.stderr is not None
            unread = process.stderr.read()
        finally:
            process.kill()
    assert statuses == [404] * 1_500
    assert unread.count("\n") < len(statuses)  # the pipe was full, and the rest waited in vain


def test_the_log_has_every_line_in_order_and_begins_with_the_start(tmp_path: Path) -> None:
    with server_process(tmp_path) as server, httpx.Client(trust_env=False, timeout=HANGS) as client:
        ids = [client.get(f"{server.url}/nowhere").headers["x-request-id"] for _ in range(500)]
        assert server.stop() == 0
    registered, started, *requests = lines_of((tmp_path / LOG_FILE).read_text(encoding="utf-8"))
    assert [line["request_id"] for line in requests] == ids
    assert (registered["event"], registered["at"]) == ("people registered", "demo")
    assert (started["event"], started["version"], started["store"]) == ("started", release(), "sqlite")
    assert started["editions"] == list(EDITIONS)
    assert started["limits"]["max_body_bytes"] == 15_000_000
    assert started["limits"]["body_timeout"] == 20
    assert set(started["policies"]) == {"sample-payer", "second-payer"}
    assert all(re.fullmatch(r"[0-9a-f]{12}", digest) for digest in started["policies"].values())


def test_an_aborted_upload_is_one_ordinary_line(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        head = (
            "POST /fhir/Claim/$submit HTTP/1.1\r\nHost: payer\r\nContent-Type: application/fhir+json\r\n"
            f"Authorization: {bearer(tmp_path, 'ehr-a')}\r\nExpect: 100-continue\r\n"
            f"Content-Length: {len(BODY)}\r\n\r\n"
        )
        with closing(socket.create_connection(server.address, timeout=HANGS)) as connection:
            connection.sendall(head.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 100")
            connection.sendall(BODY[:100])
        assert httpx.get(f"{server.url}/metadata", trust_env=False).status_code == 200
        assert server.stop() == 0
    log = (tmp_path / LOG_FILE).read_text(encoding="utf-8")
    by_status = {line["status"]: line for line in lines_of(log) if line["event"] == "request"}
    assert [line["event"] for line in lines_of(log)] == ["people registered", "started", "request", "request"]
    assert (by_status[499]["route"], by_status[499]["level"]) == ("/fhir/Claim/$submit", "info")
    assert "error" not in by_status[499]
