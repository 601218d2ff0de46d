"""A server that is killed between a decision and the bills that wait for it loses none of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.api.bills.scenario_answer import lines_of
from tests.api.reading import administration_number
from tests.api.review.terms import GRACE, policies_under
from tests.api.reviewing import NEW, Json, ruling
from tests.crash.test_releases import AFTER_THE_GRACE_PERIOD, ROOT, SETTINGS, post
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.samples import billed_line, billing_claim, request_bundle, request_item

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]

BILLS = 8
PATIENCE = 60


def test_a_killed_server_finishes_each_waiting_bill_once(tmp_path: Path) -> None:
    settings = {**SETTINGS, "policy": policies_under(tmp_path, GRACE)}
    with server_process(tmp_path, **settings) as first:
        request = requested(tmp_path, first)
        waiting = [billed(tmp_path, first, request, day) for day in range(2, BILLS + 2)]
        assert {line.why for bill in waiting for line in lines_of(bill)} == {"OA-133"}
        body = {"resourceType": "Parameters", "parameter": [ruling()]}
        post(tmp_path, first, "reviewer", f"/ClaimResponse/{request['id']}/$decide", body, **NEW)
        first.kill()
    later = {**settings, "clock_offset": AFTER_THE_GRACE_PERIOD}
    # This server releases the decision, and is killed while it answers the bills.
    with server_process(tmp_path, **later) as second:
        until(lambda: finished(tmp_path, second, waiting) > 0)
        second.kill()
    with server_process(tmp_path, **later) as third:
        until(lambda: finished(tmp_path, third, waiting) == BILLS)
        read = [stored(tmp_path, third, bill) for bill in waiting]
        units = used(tmp_path, third, request)
    assert [line.why for bill in read for line in lines_of(bill)] == [None] * BILLS
    assert [bill["meta"]["versionId"] for bill in read] == ["2"] * BILLS
    assert units == BILLS


def requested(folder: Path, server: ServerProcess) -> Json:
    bundle = request_bundle(items=[request_item(code="72148", quantity=BILLS, period=(day_after(1), day_after(60)))])
    answer: Json = post(folder, server, "ehr-a", "/Claim/$submit", bundle)["entry"][0]["resource"]
    return answer


def day_after(days: int) -> str:
    """Return a day of the clock of this machine, by which the servers decide."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def billed(folder: Path, server: ServerProcess, request: Json, day: int) -> Json:
    line = billed_line(code="72148", quantity=1, day=day_after(day))
    claim = billing_claim(number=administration_number(request), lines=[line])
    return post(folder, server, "biller", "/Claim/$submit", claim | {"identifier": [{"value": f"BILL-{day}"}]})


def stored(folder: Path, server: ServerProcess, bill: Json) -> Json:
    return got(folder, server, f"/ClaimResponse/{bill['id']}")


def finished(folder: Path, server: ServerProcess, bills: list[Json]) -> int:
    return sum(stored(folder, server, bill)["outcome"] == "complete" for bill in bills)


def used(folder: Path, server: ServerProcess, request: Json) -> int:
    answer = got(folder, server, f"/ClaimResponse/{request['id']}/$units-remaining")
    [item] = [one["part"] for one in answer["parameter"] if one["name"] == "item"]
    [part] = [one for one in item if one["name"] == "used"]
    return int(part["valueQuantity"]["value"])


def got(folder: Path, server: ServerProcess, path: str) -> Json:
    headers = {"Authorization": bearer(folder, "biller", ROOT)}
    answer = httpx.get(server.url + path, headers=headers, trust_env=False, timeout=60)
    assert answer.is_success, answer.text
    found: Json = answer.json()
    return found


def until(done: Callable[[], bool]) -> None:
    """Wait until something is done."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)
