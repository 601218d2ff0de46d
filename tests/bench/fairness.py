"""Measure how much a noisy client slows another: the 95th percentile of its reads, alone and beside the noise.

`python -m tests.bench.fairness` starts a server with the usual limits and prints both figures and their ratio.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

from tests.bench.bundles import request_body
from tests.support.process import bearer, server_process

READS = 300
PAUSE = 0.02
CALLERS = 8
USUAL = {"requests_per_second": 100, "concurrent_requests_per_client": 64, "request_burst": 200}


class Noise:
    """Submits of one client without a pause, on several connections."""

    def __init__(self, address: tuple[str, int], authorization: str) -> None:
        self._address, self._authorization = address, authorization
        self._ended = threading.Event()
        self.statuses: Counter[int] = Counter()
        self._threads = [threading.Thread(target=self._submit, args=(number,)) for number in range(CALLERS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _submit(self, number: int) -> None:
        connection = HTTPConnection(*self._address)
        headers = {"Authorization": self._authorization, "Content-Type": "application/fhir+json"}
        serial = number
        while not self._ended.is_set():
            connection.request("POST", "/fhir/Claim/$submit", request_body(serial), headers)
            answer = connection.getresponse()
            answer.read()
            self.statuses[answer.status] += 1
            serial += CALLERS
        connection.close()


def p95(address: tuple[str, int], authorization: str) -> float:
    """Return the 95th percentile of the time of a search, in milliseconds."""
    connection = HTTPConnection(*address)
    taken = []
    for _ in range(READS):
        started = time.perf_counter()
        connection.request("GET", "/fhir/Claim?_count=5", headers={"Authorization": authorization})
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - started) * 1_000)
        time.sleep(PAUSE)
    connection.close()
    return sorted(taken)[int(READS * 0.95)]


def main() -> None:
    with tempfile.TemporaryDirectory() as name, server_process(Path(name), **USUAL) as server:
        quiet = bearer(Path(name), "ehr-b")
        alone = p95(server.address, quiet)
        with Noise(server.address, bearer(Path(name), "ehr-a")) as noise:
            time.sleep(3)  # the burst is over
            beside = p95(server.address, quiet)
    sys.stdout.write(
        f"p95 alone {alone:.1f} ms, beside a noisy client {beside:.1f} ms: ratio {beside / alone:.2f}\n"
        f"answers to the noisy client: {dict(noise.statuses)}\n"
    )


if __name__ == "__main__":
    main()
