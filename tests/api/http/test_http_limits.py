"""A request beyond a limit of HTTP gets one FHIR answer and ends its connection; sends bytes to a real process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process import LOG_FILE, ServerProcess, bearer, server_process
from tests.support.raw import RawAnswer, answers, connect, exchange, request, send, until_closed
from tests.support.verdict import verdict

SUBMIT = "/fhir/Claim/$submit"
LINE = "GET /fhir/metadata HTTP/1.1\r\n"
HOST = "Host: preauth.test\r\n"
CLOSE = "Connection: close"
NAME = "Alexandra-M001"
"""Stands wherever a sender could write a name: neither the log nor an answer may repeat it."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("limits")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ServerProcess]:
    with server_process(folder) as running:
        yield running
    log = (folder / LOG_FILE).read_text(encoding="utf-8")
    assert NAME not in log
    assert '"level":"error"' not in log


@pytest.fixture(scope="module")
def login(server: ServerProcess, folder: Path) -> str:
    assert server.url
    return f"Authorization: {bearer(folder, 'ehr-a')}"


def head(*lines: str) -> str:
    return LINE + HOST + "".join(f"{line}\r\n" for line in lines) + "\r\n"


def post(*lines: str, body: str = "{}") -> str:
    return f"POST {SUBMIT} HTTP/1.1\r\n{HOST}" + "".join(f"{line}\r\n" for line in lines) + "\r\n" + body


REFUSED = {
    "a URL over the limit": (f"GET /fhir/Claim?a={'b' * 8180} HTTP/1.1\r\n{HOST}\r\n", 414, "too-long"),
    "a URL without an end": (f"GET /fhir/{NAME}" + "a" * 500_000, 414, "too-long"),
    "101 header lines": (head(*["a: b"] * 100), 431, "too-long"),
    "header lines without an end": (LINE + "a: b\r\n" * 500_000, 431, "too-long"),
    "headers over the limit": (head(*[f"a: {'b' * 1000}"] * 33), 431, "too-long"),
    "a header without an end": (LINE + HOST + f"{NAME}: " + "a" * 500_000, 431, "too-long"),
    "a header name without an end": (LINE + HOST + "a" * 500_000, 431, "too-long"),
    "blank lines without an end": ("\r\n" * 250_000, 431, "too-long"),
    "no Host": (LINE + "\r\n", 400, "structure"),
    "two Hosts": (head(HOST.strip()), 400, "structure"),
    "two Hosts under HTTP/1.0": (f"GET / HTTP/1.0\r\n{HOST}{HOST}\r\n", 400, "structure"),
    "an empty Host": (LINE + "Host:\r\n\r\n", 400, "structure"),
    "a Host with a path": (LINE + f"Host: a/{NAME}\r\n\r\n", 400, "structure"),
    "a Host with a user": (LINE + "Host: a@b\r\n\r\n", 400, "structure"),
    "a Host that is a list": (LINE + "Host: a, b\r\n\r\n", 400, "structure"),
    "a Host with a bad port": (LINE + "Host: a:port\r\n\r\n", 400, "structure"),
    "two Authorization headers": (head("Authorization: Bearer a", "authorization: Bearer b"), 400, "structure"),
    "HTTP/0.9 by its shape": ("GET /fhir/metadata\r\n", 400, "structure"),
    "HTTP/0.9 by its name": (f"GET / HTTP/0.9\r\n{HOST}\r\n", 400, "structure"),
    "HTTP/2.0": (f"GET / HTTP/2.0\r\n{HOST}\r\n", 400, "structure"),
    "the preface of HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "structure"),
    "HTTP/1.2": (f"GET / HTTP/1.2\r\n{HOST}\r\n", 400, "structure"),
    "CONNECT": (f"CONNECT preauth.test:443 HTTP/1.1\r\n{HOST}\r\n", 400, "structure"),
    "a greeting of TLS": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "structure"),
    "no HTTP": (f"{NAME}\r\n\r\n", 400, "structure"),
    "two lengths": (post("Content-Length: 2", "Content-Length: 3"), 400, "structure"),
    "a length and chunks": (post("Content-Length: 2", "Transfer-Encoding: chunked"), 400, "structure"),
    "chunks and a length": (post("Transfer-Encoding: chunked", "Content-Length: 2"), 400, "structure"),
    "chunks under HTTP/1.0": (
        f"POST {SUBMIT} HTTP/1.0\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "structure",
    ),
    "a length that is no number": (post("Content-Length: +2"), 400, "structure"),
    "a coding that is not known": (post("Transfer-Encoding: xchunked"), 400, "structure"),
    "chunks twice": (
        post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body="0\r\n\r\n"),
        400,
        "structure",
    ),
    "bare line feeds": (f"GET /fhir/metadata HTTP/1.1\n{HOST.strip()}\n\n", 400, "structure"),
    "a bare line feed before a header": (LINE + HOST.strip() + "\nContent-Length: 2\r\n\r\n{}", 400, "structure"),
    "a coding before the chunks": (post("Transfer-Encoding: gzip, chunked", body="0\r\n\r\n"), 400, "structure"),
    "a blank before the colon": (head("Content-Length : 2"), 400, "structure"),
    "a NUL in a header": (head("a: b\0c"), 400, "structure"),
    "a header that goes on in the next line": (head("a: b", " c"), 400, "structure"),
}


@pytest.mark.acceptance("A6", "C43", "C44")
@pytest.mark.parametrize("name", REFUSED)
def test_a_request_that_breaks_a_rule_of_http_gets_one_refusal(server: ServerProcess, name: str) -> None:
    text, status, code = REFUSED[name]
    (answer,) = exchange(server.address, text.encode("latin-1"))
    assert (answer.status, answer.issue["code"]) == (status, code)
    assert_refusal(answer)


TOO_MUCH_BESIDE_A_BODY = {
    "101 trailers": "2\r\n{}\r\n0\r\n" + "a: b\r\n" * 101 + "\r\n",
    "trailers without an end": "2\r\n{}\r\n0\r\n" + "a: b\r\n" * 200_000,
    "a trailer without an end": "2\r\n{}\r\n0\r\na: " + "b" * 500_000,
    "a chunk extension without an end": "2;" + "a" * 500_000,
}


@pytest.mark.parametrize("name", TOO_MUCH_BESIDE_A_BODY)
def test_trailers_and_chunk_extensions_have_the_limits_of_headers(server: ServerProcess, login: str, name: str) -> None:
    (answer,) = exchange(server.address, chunked(login, TOO_MUCH_BESIDE_A_BODY[name]))
    assert (answer.status, answer.issue["code"]) == (431, "too-long")
    assert_refusal(answer)


@pytest.mark.parametrize("body", ["2\r\n{}xx\r\n", "x\r\n", "1\r\n \r\n" * 100_000], ids=["frame", "size", "tiny"])
def test_chunks_that_are_broken_or_tiny_are_refused(server: ServerProcess, login: str, body: str) -> None:
    (answer,) = exchange(server.address, chunked(login, body))
    assert (answer.status, answer.issue["code"]) == (400, "structure")


def chunked(login: str, body: str) -> bytes:
    return post(login, "Content-Type: application/fhir+json", "Transfer-Encoding: chunked", body=body).encode()


def assert_refusal(answer: RawAnswer) -> None:
    assert answer.headers["connection"] == "close"
    assert answer.headers["cache-control"] == "no-store"
    assert "x-request-id" in answer.headers
    assert "date" in answer.headers
    assert NAME.encode() not in answer.body
    assert not list(verdict(answer.body, "2.2.1"))


SERVED = {
    "as much as may be": head(CLOSE, *[f"a{number}: {'b' * 300}" for number in range(98)]),
    "HTTP/1.0 without Host": "GET /fhir/metadata HTTP/1.0\r\n\r\n",
    "a Host with a port": LINE + f"Host: preauth.test:8000\r\n{CLOSE}\r\n\r\n",
    "a Host with blanks around it": LINE + f"Host: \t preauth.test \t\r\n{CLOSE}\r\n\r\n",
    "a Host that is an address": LINE + f"Host: [::1]:8000\r\n{CLOSE}\r\n\r\n",
    "an absolute URL": f"GET http://preauth.test/fhir/metadata HTTP/1.1\r\n{HOST}{CLOSE}\r\n\r\n",
    "a wish for WebSocket": head("Connection: Upgrade, close", "Upgrade: websocket"),
}


@pytest.mark.parametrize("name", SERVED)
def test_the_server_answers_a_request_that_obeys_http(server: ServerProcess, name: str) -> None:
    with connect(server.address) as connection:
        send(connection, SERVED[name].encode())
        (answer,) = answers(until_closed(connection))
        assert answer.status == 200
        assert "server" not in answer.headers


def test_the_server_reads_a_url_of_the_maximum_length(server: ServerProcess) -> None:
    path = "/fhir/Claim?a="
    (answer,) = exchange(server.address, request(path + "b" * (8192 - len(path)), CLOSE))
    assert answer.status == 401


def test_a_refused_head_request_gets_no_body(server: ServerProcess) -> None:
    (answer,) = exchange(server.address, b"HEAD /fhir/metadata HTTP/1.1\r\n\r\n")
    assert (answer.status, answer.body) == (400, b"")


def test_pipelined_requests_are_answered_in_their_order(server: ServerProcess) -> None:
    paths = ["/fhir/metadata", "/nowhere", "/fhir/Claim"]
    asked = b"".join(request(path) for path in paths) + request("/health", CLOSE)
    assert [answer.status for answer in exchange(server.address, asked)] == [200, 404, 401, 200]


def test_too_many_pipelined_requests_end_the_connection_after_their_answers(server: ServerProcess) -> None:
    answered = exchange(server.address, request("/health") * 1000)
    assert 0 < len(answered) < 20
    assert {answer.status for answer in answered} == {200}


def test_a_refusal_waits_for_the_answer_before_it(server: ServerProcess) -> None:
    (answer,) = exchange(server.address, request("/health") + b"GET / HTTP/1.1\r\n\r\n")
    assert answer.status == 200


def test_bytes_after_the_last_request_are_not_read(server: ServerProcess) -> None:
    (answer,) = exchange(server.address, request("/health", CLOSE) + request("/health"))
    assert answer.status == 200


def test_an_early_answer_reaches_a_client_that_is_still_sending(server: ServerProcess) -> None:
    (answer,) = exchange(server.address, request(SUBMIT, method="POST", body=b" " * 14_000_000))
    assert (answer.status, answer.headers["connection"]) == (401, "close")


@pytest.mark.acceptance("C37")
def test_the_server_stops_reading_a_body_without_an_end(server: ServerProcess) -> None:
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    with connect(server.address) as connection:
        send(connection, post("Transfer-Encoding: chunked", body="").encode())
        with pytest.raises(OSError, match=r"reset|[Bb]roken"):
            connection.sendall(chunk * 200)


def test_a_client_that_expects_100_continue_gets_it_or_an_answer(server: ServerProcess, login: str) -> None:
    lines = ("Expect: 100-continue", "Content-Type: application/fhir+json", "Content-Length: 2", CLOSE)
    with connect(server.address) as connection:
        send(connection, post(login, *lines, body="").encode())
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        send(connection, b"{}")
        assert [answer.status for answer in answers(until_closed(connection))] == [400]
    (answer,) = exchange(server.address, post(*lines, body="").encode())
    assert answer.status == 401


@pytest.mark.parametrize(
    "upgrade", [(), ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAQ")]
)
def test_the_server_ignores_an_upgrade_header(server: ServerProcess, login: str, upgrade: tuple[str, ...]) -> None:
    json = (login, "Content-Type: application/fhir+json")
    asked = request(SUBMIT, *json, *upgrade, method="POST", body=b'{"resourceType":"Patient"}')
    first, second = exchange(server.address, asked + request("/health", CLOSE))
    assert "Bundle" in first.issue["details"]["text"]
    assert (first.status, second.status) == (400, 200)


def test_a_trailer_does_not_count_as_a_header(server: ServerProcess, login: str) -> None:
    (answer,) = exchange(
        server.address, post("Transfer-Encoding: chunked", CLOSE, body=f"0\r\n{login}\r\n\r\n").encode()
    )
    assert answer.status == 401
