"""HTTP with inserted, removed and changed bytes, in pieces of any size: connections end, and the server never fails."""

from __future__ import annotations

import random
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.process import LOG_FILE, bearer, server_process
from tests.support.raw import answers, connect, exchange, request, send, until_closed

SUBMIT = "/fhir/Claim/$submit"
GARBLED = 160
SENDERS = 80
KNOWN = {100, 200, 400, 401, 404, 405, 408, 411, 413, 414, 415, 422, 431}

PIECES = (
    b"\r\n",
    b"\n",
    b"\0",
    b"\xff\xff",
    b":",
    b" ",
    b"0\r\n\r\n",
    b"HTTP/2.0",
    b"Host: a\r\n",
    b"Content-Length: 3\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n",
    b"Expect: 100-continue\r\n",
    b"a" * 9000,
    b"a: b\r\n" * 101,
)


@pytest.mark.slow
def test_random_bytes_do_not_stop_the_server_or_block_a_connection(tmp_path: Path) -> None:
    with server_process(tmp_path, header_timeout=1, body_timeout=1) as server:
        login = f"Authorization: {bearer(tmp_path, 'ehr-a')}"
        sent = [garbled(random.Random(seed), sound(login)) for seed in range(GARBLED)]
        with ThreadPoolExecutor(SENDERS) as senders:
            statuses = set().union(*senders.map(lambda data: statuses_of(server.address, data), sent))
        assert statuses <= KNOWN
        assert exchange(server.address, request("/health", "Connection: close"))[0].status == 200
        assert server.stop() == 0
    assert '"level":"error"' not in (tmp_path / LOG_FILE).read_text(encoding="utf-8")


def sound(login: str) -> list[bytes]:
    json = (login, "Content-Type: application/fhir+json")
    chunks = b"5;x=y\r\n{}   \r\n0\r\na: b\r\n\r\n"
    return [
        request(),
        request("/fhir/Claim?created=2026", login),
        request("/health", "Expect: 100-continue", method="POST", body=b"12345"),
        request(SUBMIT, *json, method="POST", body=b'{"resourceType":"Bundle"}'),
        request(SUBMIT, *json, "Transfer-Encoding: chunked", method="POST") + chunks,
        request("/fhir/metadata", "Connection: Upgrade", "Upgrade: h2c"),
    ]


def garbled(chance: random.Random, requests: list[bytes]) -> bytes:
    """Put some requests one after the other, and spoil them in some places."""
    data = b"".join(chance.choices(requests, k=chance.randint(1, 3)))
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(data))
        put, cut = chance.choice([(chance.choice(PIECES), 0), (b"", chance.randint(1, 30)), (chance.randbytes(1), 1)])
        data = data[:at] + put + data[at + cut :]
    return data


def statuses_of(address: tuple[str, int], data: bytes) -> set[int]:
    """Send data in pieces, and no more after it; return what was answered until the server ended the connection."""
    chance = random.Random(len(data))
    with connect(address) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        while data:
            size = chance.choice((1, 7, 100, 10_000))
            send(connection, data[:size])
            data = data[size:]
        return {answer.status for answer in answers(until_closed(connection))}
