"""Bodies that stop parsers elsewhere: one OperationOutcome in a moment, and nothing is stored."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.refusing import everything, refusal
from tests.support.samples import Json, request_bundle
from tests.support.server import Server

MOMENT = 0.05
"""Seconds of processor time, the best of a few runs: the machine may be busy."""

RUNS = 3
SUBMIT = "/Claim/$submit"
BACKTRACKING = "A" * 120 + "!"

HOSTILE = {
    "129 deep": b'{"resourceType":"Bundle","entry":' + b"[" * 129 + b"]" * 129 + b"}",
    "100,000 deep": b'{"resourceType":"Bundle","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "100,000 objects deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "an integer of 5,000 digits": b'{"resourceType":"Bundle","total":' + b"9" * 5_000 + b"}",
    "NaN": b'{"resourceType":"Bundle","total":NaN}',
    "1e400": b'{"resourceType":"Bundle","total":1e400}',
    "half a surrogate pair": b'{"resourceType":"Bundle","id":"\\ud800"}',
    "U+0000": b'{"resourceType":"Bundle","id":"\\u0000"}',
    "no UTF-8": b'{"resourceType":"Bundle","id":"\xff\xfe"}',
    "overlong UTF-8": b'{"resourceType":"Bundle","id":"\xc0\xaf"}',
    "UTF-16": '{"resourceType":"Bundle"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"resourceType":"Bundle"}',
    "a name twice": b'{"resourceType":"Bundle","type":"collection","type":"batch"}',
    "a name twice, once escaped": b'{"resourceType":"Bundle","type":"collection","t\\u0079pe":"batch"}',
    "no bytes": b"",
    "an array": b"[]",
    "null": b"null",
}


async def seconds(server: Server, body: Any, path: str = SUBMIT) -> float:
    """Send a body a few times, expect refusals, and return the least processor time."""
    taken = []
    for _ in range(RUNS):
        before, started = everything(server), time.process_time()
        answer = await server.post(path, body)
        taken.append(time.process_time() - started)
        refusal(answer)
        assert everything(server) == before
    return min(taken)


@pytest.mark.acceptance("C38")
@pytest.mark.parametrize("path", [SUBMIT, "/Claim/$inquire", "/Claim"])
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_body_that_stops_parsers_is_refused_in_a_moment(server: Server, name: str, path: str) -> None:
    assert await seconds(server, HOSTILE[name], path) < MOMENT
    assert (await server.post(path, HOSTILE[name])).status_code == 400


@pytest.mark.acceptance("C39")
@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (
            request_bundle() | {"entry": request_bundle()["entry"] + [{"resource": {"resourceType": "Basic"}}] * 501},
            {400},
        ),
        ({"resourceType": "Bundle", **{f"a{number}": 1 for number in range(500_000)}}, {400, 413}),
        (request_bundle(claim={"use": "x" * 1_000_000}), {400, 422}),
    ],
    ids=["entries", "names", "a code of a megabyte"],
)
async def test_a_body_with_too_much_of_one_kind_is_refused(server: Server, body: Json, statuses: set[int]) -> None:
    answer = await server.post(SUBMIT, body)
    refusal(answer)
    assert answer.status_code in statuses


@pytest.mark.acceptance("C40")
@pytest.mark.parametrize("data", ["QUJ$", "QUJD!", "QUI", "QUI==", "QQ=Q", "_-_-", "QUJD\n=", "=", BACKTRACKING])
async def test_base64_with_a_fault_is_refused(server: Server, data: str) -> None:
    assert await seconds(server, with_document(data)) < MOMENT


@pytest.mark.acceptance("C40")
async def test_a_text_made_to_backtrack_takes_no_time_in_any_field(server: Server) -> None:
    server.is_sent_junk()
    slow = []
    for body, place in with_text(request_bundle(), BACKTRACKING):
        statuses, taken = set(), []
        for _ in range(RUNS):
            started = time.process_time()
            statuses.add((await server.post(SUBMIT, body)).status_code)
            taken.append(time.process_time() - started)
        assert statuses <= {200, 400, 422}
        slow += [place] * (min(taken) > MOMENT)
    assert slow == []


def with_document(data: str) -> Json:
    body = request_bundle()
    body["entry"].append(
        {
            "fullUrl": "urn:uuid:5e1adc7e-0000-4000-8000-00000000d0c5",
            "resource": {
                "resourceType": "DocumentReference",
                "status": "current",
                "content": [{"attachment": {"contentType": "application/pdf", "data": data}}],
            },
        }
    )
    return body


def with_text(body: Json, text: str) -> Iterator[tuple[Json, str]]:
    """Yield the body with each of its texts replaced, and the place."""
    for path in list(_texts(body, ())):
        changed = copy.deepcopy(body)
        holder: Any = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = text
        yield changed, ".".join(map(str, path))


def _texts(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        if isinstance(inner, str):
            yield (*path, key)
        yield from _texts(inner, (*path, key))
