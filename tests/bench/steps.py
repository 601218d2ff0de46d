"""The processor time of single steps of a `$submit`, in this process: the median of many calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from rich.progress import Progress

from app.composition import build_system
from app.fhir.body import Checked
from app.fhir.json import read
from app.pas.edition import EDITIONS
from app.pas.requests.read_request import read_request
from app.settings import Settings
from tests.bench.bundles import request_body
from tests.bench.row import Row, shown
from tests.support.process import bearer

T = TypeVar("T")

TOKENS = 300
BODIES = 1000
WARM_CALLS = 100


def step_rows(folder: Path, progress: Progress) -> Iterator[Row]:
    """Measure authentication, and reading and validating a request."""
    verify = build_system(Settings(data=folder, store="memory")).identity.tokens.verify
    edition = next(iter(EDITIONS.values()))
    tokens = [bearer(folder, "ehr-a").removeprefix("Bearer ") for _ in range(TOKENS)]
    bodies = [request_body(serial) for serial in range(BODIES)]
    now = datetime.now(UTC)

    def authenticate(token: str) -> object:
        return run_at_once(verify(token, now))

    task = progress.add_task("single steps", total=4)
    for what, step, inputs in (
        ("authentication by a token not seen before", authenticate, tokens),
        ("authentication by the same token again", authenticate, tokens),
        ("reading the 22 kB Bundle: the bounded JSON reader", read, bodies),
        ("the same, and reading the request", lambda body: read_request(Checked(read(body)), edition), bodies),
    ):
        yield shown(f"{what} (processor time)", _cost(step, inputs))
        progress.advance(task)


def run_at_once(step: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that waits for nothing; an event loop would add its own time."""
    try:
        step.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("the step waits")


def _cost(step: Callable[..., object], inputs: Iterable[str | bytes]) -> float:
    """Return the median processor time of the calls, in milliseconds."""
    return median([_timed(step, one) for one in inputs][WARM_CALLS:]) / 1e6


def _timed(step: Callable[..., object], one: str | bytes) -> int:
    started = time.thread_time_ns()
    step(one)
    return time.thread_time_ns() - started
