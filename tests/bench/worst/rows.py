"""Measure the most costly bodies of one sender, and the delay of other clients meanwhile."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from rich.progress import Progress

from tests.bench.bundles import request_body
from tests.bench.row import Row
from tests.bench.submitting import processor_time
from tests.bench.worst.sender import send
from tests.bench.worst.shapes import worst_shapes
from tests.support.process import ServerProcess, bearer, server_process

SECONDS = 12
SENDERS = ("ehr-a", "biller", "reviewer", "admin")
OTHER = "ehr-b"
MOST_MILLISECONDS = 250
MEGABYTE = 1e6


def worst_rows(folder: Path, progress: Progress) -> Iterator[Row]:
    """Measure the bodies one by one, then small requests alone and beside a sender of all of them."""
    own = folder / "worst"
    own.mkdir()
    task = progress.add_task("worst shapes", total=3)
    with server_process(own) as server:
        yield from _costs(server, own)
        progress.advance(task)
        alone = _waits(server, own, 0)
        progress.advance(task)
        heads = json.dumps({client: bearer(own, client) for client in SENDERS})
        sender = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worst.sender", server.url, heads, str(SECONDS + 30)],
            stdout=subprocess.PIPE,
        )
        try:
            assert sender.stdout is not None
            sender.stdout.readline()
            beside = _waits(server, own, 1)
        finally:
            sender.kill()
            sender.wait()
        progress.advance(task)
    for what, few, many in zip(("a small $submit", "/health"), alone, beside, strict=True):
        row = f"{what} beside a sender of the worst shapes"
        yield Row(f"{row} (p99, alone)", _told(many), _told(few), many / few, None)
        yield Row(f"{row} (p99)", _told(many), _told(MOST_MILLISECONDS), many / MOST_MILLISECONDS, 1)


def _costs(server: ServerProcess, folder: Path) -> Iterator[Row]:
    """Report the most costly body, and the most costly per megabyte among large bodies."""
    costs: list[tuple[float, float, str]] = []
    for shape in worst_shapes():
        before = processor_time(server)
        status = send(server.url, shape, bearer(folder, shape.client))
        if not status or status >= 500:
            raise RuntimeError(f"{shape.what} was answered with {status}")
        seconds = processor_time(server) - before
        costs.append((seconds, seconds / len(shape.body) * MEGABYTE, shape.what))
    seconds, _, what = max(costs)
    yield Row(f"processor time of the most costly body: {what}", f"{seconds:.2f} s", "1 s", seconds, 1)
    _, each, what = max(costs, key=lambda cost: cost[1])
    yield Row(f"the same per megabyte: {what}", f"{each:.2f} s/MB", "1 s/MB", each, 1)


def _waits(server: ServerProcess, folder: Path, turn: int) -> tuple[float, float]:
    """Return the 99th percentile of small submits and of /health, in milliseconds."""
    heads = {"Authorization": bearer(folder, OTHER), "Content-Type": "application/fhir+json"}
    submits: list[float] = []
    looks: list[float] = []
    ends = time.monotonic() + SECONDS
    serial = turn * 1_000_000
    while time.monotonic() < ends:
        serial += 1
        submits.append(_timed(server, "POST", "/fhir/Claim/$submit", request_body(serial), heads))
        looks.append(_timed(server, "GET", "/health", None, {}))
    return _p99(submits), _p99(looks)


def _timed(server: ServerProcess, method: str, path: str, body: bytes | None, heads: dict[str, str]) -> float:
    connection = http.client.HTTPConnection(*server.address, timeout=60)
    started = time.perf_counter()
    connection.request(method, path, body, heads)
    answer = connection.getresponse()
    answer.read()
    milliseconds = (time.perf_counter() - started) * 1000
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered with {answer.status}")
    return milliseconds


def _p99(waits: list[float]) -> float:
    return quantiles(waits, n=100)[-1]


def _told(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms"
