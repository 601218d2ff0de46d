"""Tokens that no issuer makes: 401, not a failure of the server."""

from __future__ import annotations

import pytest

from tests.api.refusing import refusal
from tests.support.server import Server

TOKENS = [
    "x" * 9_216,
    ".".join(["x" * 3_072] * 3),
    "é".encode(),
    b"\xff\xfe",
    "a b",
    "..",
    "a.b.c",
    "{}",
    "Bearer",
    "-" * 100,
]


@pytest.mark.acceptance("A6")
@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
async def test_a_token_that_no_issuer_makes_is_refused(server: Server, token: str | bytes) -> None:
    value = b"Bearer " + (token.encode() if isinstance(token, str) else token)
    answer = await server.http.get("/fhir/Claim", headers={b"Authorization": value})
    assert refusal(answer).status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert len(answer.content) < 1_000
