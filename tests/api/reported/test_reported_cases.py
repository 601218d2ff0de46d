"""Cases made from public reports of faults in other systems. Each is sent over HTTP to a new server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.fhir.json import read
from tests.api.reported.case import CASES, cases, filled, listed, load, problem, values_at
from tests.support.server import ROOT, Server, serving

RECEIVED = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
"""The cases ask for services in December 2026."""

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the reported cases are not in {CASES}")


@pytest.mark.parametrize("folder", cases("ground", "determination", "holds", "billing"), ids=lambda folder: folder.name)
async def test_a_reported_case_gets_the_right_answer(folder: Path, tmp_path: Path) -> None:
    case, names = load(folder), {"run": "1", "base": f"{ROOT}/fhir"}
    async with serving(tmp_path) as server:
        server.clock.instant = RECEIVED
        server.is_sent_junk()
        for step in case.get("setup") or []:
            answer = await _send(server, step, folder, names)
            assert answer.status_code == step.get("status", answer.status_code), answer.text
            for name, path in (step.get("save") or {}).items():
                names.update((name, str(value)) for value in values_at(read(answer.content), path)[:1])
        answer = await _send(server, case, folder, names)
    _check(case["expect"], answer, names)


def _check(expect: dict[str, Any], answer: httpx.Response, names: dict[str, str]) -> None:
    assert answer.status_code in listed(expect["status"]), answer.text
    for name, value in (expect.get("headers") or {}).items():
        assert value.lower() in answer.headers.get(name, "").lower()
    body = read(answer.content) if answer.content else None
    problems = [problem(check, body, answer.status_code, names) for check in expect.get("checks") or []]
    assert [text for text in problems if text] == []


async def _send(server: Server, step: dict[str, Any], folder: Path, names: dict[str, str]) -> httpx.Response:
    headers = server.headers(step["client"]) if step.get("client") else {}
    headers |= {name: filled(str(value), names) for name, value in (step.get("headers") or {}).items()}
    text = (folder / step["body"]).read_text(encoding="utf-8") if step.get("body") else ""
    base = f"/{step['edition']}/fhir" if step.get("edition") else "/fhir"
    path = base + filled(step["path"], names)
    return await server.http.request(step["method"], path, content=filled(text, names) or None, headers=headers)
