"""Ask a server for a token, and expect a token or an error of OAuth."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.server import Server

CLIENT = "ehr-x"
NOT_KEPT = {"cache-control": "no-store", "pragma": "no-cache"}


def now(server: Server) -> float:
    return server.clock.now().timestamp()


async def post(server: Server, fields: dict[str, str] | str, **headers: str) -> httpx.Response:
    if isinstance(fields, str):
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return await server.http.post("/oauth/token", content=fields, headers=headers)
    return await server.http.post("/oauth/token", data=fields, headers=headers)


def granted(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert kept(answer) == NOT_KEPT
    return dict(answer.json())


def refused(answer: httpx.Response, error: str, status: int = 400) -> str:
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["content-type"] == "application/json"
    assert kept(answer) == NOT_KEPT
    return str(answer.json()["error_description"])


def kept(answer: httpx.Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in NOT_KEPT}
