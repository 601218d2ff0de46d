"""The processor time of single steps of a `$submit`, in this process: the median of many calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from app.access.reach import reach_of
from app.adapters.jwt_tokens import JwtTokens, load_or_create_key
from app.fhir.json import read
from app.pas.edition import EDITIONS
from app.pas.read_request import read_request
from tests.bench.bundles import request_body
from tests.bench.row import Row, within
from tests.support.process import bearer

CALLS = 2000
WARM_CALLS = 200


def step_rows(folder: Path) -> Iterator[Row]:
    """Measure authentication, and reading and validating a request."""
    token = bearer(folder, "ehr-a").removeprefix("Bearer ")
    tokens = JwtTokens(load_or_create_key(folder))
    now = datetime.now(UTC)
    edition = next(iter(EDITIONS.values()))
    body = request_body(0)

    yield within("authentication: token to Reach", _cost(lambda: reach_of(tokens.verify(token, now))), 0.15)
    yield within("reading and validating the 22 kB Bundle", _cost(lambda: read_request(read(body), edition)), 0.5)
    yield within("of that, the bounded JSON reader", _cost(lambda: read(body)), 0.25)


def _cost(step: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that half of the calls stay within."""
    return median([_timed(step) for _ in range(CALLS + WARM_CALLS)][WARM_CALLS:]) / 1e6


def _timed(step: Callable[[], object]) -> int:
    started = time.thread_time_ns()
    step()
    return time.thread_time_ns() - started
