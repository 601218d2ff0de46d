"""Documents are kept byte for byte, and a body over the limit takes no more memory than the limit."""

from __future__ import annotations

import base64
import hashlib
import random
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.fhir.json import read
from tests.api.refusing import everything, refusal
from tests.support.samples import request_bundle
from tests.support.server import Server, serving

CAP = 4_000_000
CHUNK = 65_536
DOCUMENT = "urn:uuid:5e1adc7e-0000-4000-8000-00000000d0c5"


@pytest.mark.acceptance("C41")
@pytest.mark.parametrize("size", [1, 2, 3, 10 * 1024 * 1024])
async def test_a_document_is_kept_byte_for_byte(server: Server, size: int) -> None:
    content = random.Random(size).randbytes(size)
    body = request_bundle()
    attachment = {"contentType": "application/pdf", "data": base64.b64encode(content).decode()}
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"reference": body["entry"][0]["resource"]["patient"]["reference"]},
        "content": [{"attachment": attachment}],
    }
    body["entry"].append({"fullUrl": DOCUMENT, "resource": document})
    answer = await server.post("/Claim/$submit", body)
    assert answer.status_code == 200, answer.text[:500]
    (kept,) = [stored for (kind, _), stored in everything(server).items() if kind == "submission"]
    (entry,) = [entry for entry in read(kept.body.encode())["entry"] if entry.get("fullUrl") == DOCUMENT]
    stored = base64.b64decode(entry["resource"]["content"][0]["attachment"]["data"], validate=True)
    assert hashlib.sha256(stored).digest() == hashlib.sha256(content).digest()


@pytest.mark.acceptance("C37")
async def test_a_body_over_the_limit_takes_no_more_memory_than_the_limit(tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10 * CAP // CHUNK):
            yield b" " * CHUNK

    async with serving(tmp_path, max_body_bytes=CAP) as server:
        headers = server.headers("ehr-a")
        await server.http.get("/fhir/metadata")
        tracemalloc.start()
        try:
            answer = await server.http.post("/fhir/Claim/$submit", content=endless(), headers=headers)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert refusal(answer).status == 413
    assert peak < 2 * CAP
