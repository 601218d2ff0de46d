"""Load `$submit`: compare requests a second with the baselines, and measure the processor time of a request."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.progress import Progress

from tests.bench.load import Order, load
from tests.bench.row import Row, shown
from tests.support.process import ServerProcess, bearer, serve_command, start

CALLERS = 16
ROUNDS = 5
SECONDS = 2.0
WARM_SECONDS = 1.0
SUBMIT = "/fhir/Claim/$submit"


@dataclass(slots=True)
class Contender:
    """A server under load, with each round's requests a second, and milliseconds of processor time a request."""

    server: ServerProcess
    path: str
    authorization: str
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    sent: int = 0

    def round(self) -> None:
        """Load the server for one more round, and keep the measurements."""
        before = processor_time(self.server)
        answers, seconds = self._load(SECONDS)
        self.rates.append(answers / seconds)
        self.costs.append((processor_time(self.server) - before) / answers * 1000)

    def warm(self) -> None:
        """Load the server without measuring: the first requests build its caches."""
        self._load(WARM_SECONDS)

    def _load(self, seconds: float) -> tuple[int, float]:
        host, port = self.server.address
        outcome = load(Order(host, port, self.path, self.authorization, CALLERS, seconds, self.sent))
        if outcome.failures:
            raise RuntimeError(f"{outcome.failures} of {outcome.answers} requests to {self.path} failed")
        self.sent += outcome.answers + CALLERS
        return outcome.answers, outcome.seconds


def processor_time(server: ServerProcess) -> float:
    """Return the processor time of all threads of a server in seconds, user and system (proc(5), stat)."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def submit_rows(folder: Path, progress: Progress) -> Iterator[Row]:
    """Load the servers in turns."""
    with _contenders(folder) as contenders:
        task = progress.add_task("$submit under load", total=ROUNDS + 1)
        for contender in contenders:
            contender.warm()
        progress.advance(task)
        for _ in range(ROUNDS):
            for contender in contenders:
                contender.round()
            progress.advance(task)
    ours, forgetful, same_job, bundle_alone = contenders
    submitted = f"$submit of a 22 kB Bundle, SQLite FULL, {CALLERS} callers"
    yield _beside(bundle_alone, ours, f"{submitted} (create on FastAPI, fhir.resources, aiosqlite)", 6)
    yield _beside(same_job, ours, f"{submitted} (same stored rows and answer on the same stack)", 8)
    yield shown(f"processor time of one $submit, all threads, {CALLERS} callers", median(ours.costs))
    added = median(own - other for own, other in zip(ours.costs, forgetful.costs, strict=True))
    yield shown("of that, SQLite beyond the store in memory", added)


def _beside(baseline: Contender, ours: Contender, what: str, bound: float) -> Row:
    return Row(
        what,
        f"{median(ours.rates):.0f}/s",
        f"{median(baseline.rates):.0f}/s",
        median(own / other for own, other in zip(ours.rates, baseline.rates, strict=True)),
        bound,
        at_least=True,
    )


@contextmanager
def _contenders(folder: Path) -> Iterator[tuple[Contender, Contender, Contender, Contender]]:
    """Start our server on SQLite and in memory, the baseline that does the same, and one that stores the Bundle."""
    with ExitStack() as running:

        def contender(name: str, path: str, command: Callable[[Path], list[str]]) -> Contender:
            own = folder / name
            own.mkdir()
            server = start(command(own), own)
            running.callback(server.stop)
            return Contender(server, path, bearer(own, "ehr-a"))

        yield (
            contender("sqlite", SUBMIT, serve_command),
            contender("memory", SUBMIT, lambda own: serve_command(own, "--store", "memory")),
            contender("same-job", SUBMIT, _baseline_command),
            contender("bundle-alone", "/fhir/Bundle", _baseline_command),
        )


def _baseline_command(data: Path) -> list[str]:
    return [sys.executable, "-m", "tests.bench.baseline", str(data)]
