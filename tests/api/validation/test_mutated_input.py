"""Bodies that were once in order, with pieces torn out, retyped or exchanged: they never make the server fail."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.fhir.json import read
from app.records.kinds import SERVED, TERM_TABLE
from tests.api.bills.played.requests import request_of
from tests.api.bills.scenario_bodies import bill_of, in_bundle, using_up
from tests.api.bills.scenario_play import BILLED, authorize, serving_payers, typed
from tests.api.refusing import everything, refusal
from tests.support.samples import Json
from tests.support.server import Server

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**30, Decimal("0.1"), Decimal("-1E+300"), Decimal("1E-300"), Decimal("9E+308"),
    "", " ", "x", "#", "#x", "claim", "active", "Patient/1", "Claim/bill-1", "urn:uuid:1", "\u2028\U0001f600",
    "9999-12-31", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:60-14:00", "2026-02-30",
    [], [[]], [None], [{}], [{"extension": [{}]}], {}, {"reference": "#"}, {"value": {}},
    {"identifier": {"value": "1"}}, {"coding": [{"code": "1"}]}, {"resourceType": "Claim"},
)  # fmt: skip
"""What may stand anywhere in JSON: wrong types, and values at the ends of what dates, numbers and texts can be."""

Place = tuple[Any, Any]
"""An object or an array, and the name or the index of something in it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done to a body: at the place number `at`, with the place number `other` or a strange value."""

    kind: str
    at: int
    other: int


changes = st.builds(
    Change, st.sampled_from(["drop", "retype", "swap", "repeat"]), st.integers(0, 10**4), st.integers(0, 10**4)
)


@pytest.mark.slow
def test_no_mutated_body_makes_the_server_fail_and_no_refused_body_is_stored(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        context = _serving(tmp_path)
        server, bodies = runner.run(context.__aenter__())

        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(
            st.sampled_from(bodies),
            st.lists(changes, min_size=1, max_size=4),
            st.sampled_from(["/fhir", "/2.0.1/fhir"]),
        )
        def holds(body: Json, several: list[Change], base: str) -> None:
            mutated = copy.deepcopy(body)
            for change in several:
                _apply(mutated, change)
            runner.run(_check(server, mutated, base))

        holds()
        runner.run(context.__aexit__(None, None, None))


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[tuple[Server, list[Json]]]:
    """Serve an authorization, and give what may be sent next: other requests, and a bill, by itself and in a Bundle."""
    async with serving_payers(folder) as server:
        server.is_sent_junk()
        asked = await authorize(server, "AU1")
        server.clock.instant = BILLED
        bill = using_up("AU1", 1)
        claim = bill_of(bill, "BILL", typed({"AU1": asked}))
        yield server, [request_of("AU6"), request_of("AU4"), claim, in_bundle(claim, bill)]


async def _check(server: Server, body: Json, base: str) -> None:
    before = everything(server)
    answer = await server.post("/Claim/$submit", body, base=base)
    if answer.status_code != 200:
        refusal(answer)
        assert everything(server) == before
        return
    assert (await server.post("/Claim/$submit", body, base=base)).content == answer.content
    for (kind, id_), document in everything(server).items():
        if (kind, id_) not in before and kind in SERVED:
            assert set(TERM_TABLE.terms(document)) == set(document.terms)
            reader = "reviewer" if kind == "Task" else "ehr-a"
            _check_served(await server.get(f"/{kind}/{id_}", reader, base=base))
            _check_served(await server.get(f"/{kind}?_id={id_}", reader, base=base))


def _check_served(answer: httpx.Response) -> None:
    assert answer.status_code == 200, answer.text
    assert read(answer.content)


def _apply(body: Json, change: Change) -> None:
    places = list(_places(body))
    if not places:
        return
    (container, key), (other, name) = (places[number % len(places)] for number in (change.at, change.other))
    if change.kind == "drop":
        del container[key]
    elif change.kind == "retype":
        container[key] = copy.deepcopy(STRANGE[change.other % len(STRANGE)])
    elif change.kind == "swap":
        container[key], other[name] = copy.deepcopy(other[name]), copy.deepcopy(container[key])
    elif isinstance(container, list):
        container.append(copy.deepcopy(container[key]))


def _places(value: Any) -> Iterator[Place]:
    """List every place of a body, from the outside in."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(inside):
        yield value, key
        yield from _places(inner)
