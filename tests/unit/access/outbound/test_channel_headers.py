"""The headers of a rest-hook: Authorization and X- headers only, and none that changes how the request is read."""

from __future__ import annotations

import pytest

from app.access.outbound.channel_headers import read_channel_headers
from app.access.outbound.endpoint import EndpointRefused


def test_authorization_and_x_headers_are_sent_verbatim() -> None:
    lines = ["Authorization: Bearer a.b-c==", "X-Api-Key:  k y", "x-team: one:two"]
    assert read_channel_headers(lines) == (
        ("Authorization", "Bearer a.b-c=="),
        ("X-Api-Key", "k y"),
        ("x-team", "one:two"),
    )


@pytest.mark.acceptance("E56")
@pytest.mark.parametrize(
    "line",
    [
        "Host: evil.test", "Content-Length: 0", "Transfer-Encoding: chunked", "Cookie: a=b", "Content-Type: text/html",
        "Connection: close", "Proxy-Authorization: x", "Authorization", "Authorization:", "Authorization: ", ": x", "",
        "Authorization: a\r\nHost: evil.test", "Authorization: a\nX-B: c",
        "X-A: a\x00", "X-A: \x1b[31m", "X-A: caf\u00e9",
        "X-: a", "X A: b", "X-A : b", "X-A\r\n: b", " X-A: b", "X-A: b ", "Authorizations: b", "X-A: b\n", "X_A: b",
    ],
)  # fmt: skip
def test_another_header_or_a_broken_one_is_refused(line: str) -> None:
    with pytest.raises(EndpointRefused):
        read_channel_headers([line])


@pytest.mark.acceptance("E56")
@pytest.mark.parametrize(
    "lines",
    [
        [f"X-{number}: a" for number in range(11)],
        ["X-A: " + "a" * 2044],
        ["X-A: a", "x-a: b"],
        ["Authorization: a", "authorization: b"],
    ],
)
def test_too_many_headers_and_repeated_ones_are_refused(lines: list[str]) -> None:
    with pytest.raises(EndpointRefused):
        read_channel_headers(lines)


def test_ten_headers_of_two_kibibytes_are_allowed() -> None:
    lines = [f"X-{number}: a" for number in range(9)] + ["X-9: " + "a" * 1976]
    assert sum(map(len, lines)) <= 2048
    assert len(read_channel_headers(lines)) == 10


def test_a_refusal_does_not_quote_the_header() -> None:
    with pytest.raises(EndpointRefused) as refused:
        read_channel_headers(["Authorization: Bearer secret\n"])
    assert "secret" not in str(refused.value)
