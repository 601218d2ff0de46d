"""Measure the conformance engine from bytes to verdict, against decoding alone and parsing alone, and its growth.

Both sides of a ratio take turns on the same bodies.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from fhir.resources.R4B.bundle import Bundle
from rich.progress import Progress

from app.codes import PAS
from app.conformance.admission import Conformance
from app.conformance.definitions.packages import edition_definitions
from app.conformance.validator import Validator
from app.fhir.body import read_for_engine
from app.fhir.json import parsed, read
from tests.bench.bundles import request_body
from tests.bench.row import Row, shown
from tests.support.process import server_process
from tests.support.samples import entry, practitioner_role, request_bundle, request_item

REQUEST = PAS + "profile-pas-request-bundle"
EDITION = "2.2.1"
BODIES = 600
TURN = 60
GROWING = 30
MEBIBYTE = 1024

START = f"""
import time
from app.conformance.definitions.packages import edition_definitions
from app.conformance.validator import Validator
started = time.perf_counter()
Validator(edition_definitions("{EDITION}"))
print(time.perf_counter() - started)
"""

Step = Callable[[bytes], object]


def validation_rows(folder: Path, progress: Progress) -> Iterator[Row]:
    """Measure valid and invalid requests, small and large, and the engine's start-up."""
    engine = Validator(edition_definitions(EDITION))
    task = progress.add_task("validating", total=4)
    for rows in (valid_rows, invalid_rows, _growing):
        yield from rows(engine)
        progress.advance(task)
    yield shown("start-up of an edition's profiles, in a process of its own", _start() * 1000)
    yield _memory(folder)
    progress.advance(task)


def valid_rows(engine: Validator) -> Iterator[Row]:
    """Measure valid requests, from bytes to verdict."""
    bodies = [request_body(serial) for serial in range(BODIES)]
    _expect(*bodies[:TURN], by=engine, valid=True)
    decoder = msgspec.json.Decoder()
    ours, bounded, floor, models = _in_turns(
        bodies,
        lambda body: engine.is_valid_fast(parsed(body).resource, REQUEST),
        lambda body: engine.is_valid_fast(read(body), REQUEST),
        decoder.decode,
        Bundle.model_validate_json,
    )
    what = f"a valid request of {len(bodies[0]) / 1000:.0f} kB, bytes to verdict"
    yield shown(f"{what} (p50)", ours)
    yield shown(f"{what}, by the bounded reader alone (p50)", bounded)
    yield Row(f"{what} (fhir.resources, parse alone)", _told(ours), _told(models), models / ours, 8, at_least=True)
    yield Row(f"{what} (msgspec, decoding alone)", _told(ours), _told(floor), ours / floor, 12)


def invalid_rows(engine: Validator) -> Iterator[Row]:
    """Measure invalid requests, from bytes to all issues."""
    bodies = [request_body(serial).replace(b'"sequence":3,', b'"sequence":"3",') for serial in range(BODIES)]
    _expect(*bodies[:TURN], by=engine, valid=False)
    conformance = Conformance({EDITION: engine}, engine)
    (ours,) = _in_turns(bodies, lambda body: conformance.issues(read_for_engine(body), EDITION, REQUEST))
    yield shown("the same request with one fault, bytes to full diagnosis (p50)", ours)


def _growing(engine: Validator) -> Iterator[Row]:
    def verdict(body: bytes) -> bool:
        return engine.is_valid_fast(read(body), REQUEST)

    for what, small, large in (
        ("a Claim of 200 items (of 20), bytes to verdict", _of_items(20), _of_items(200)),
        ("a Bundle of 500 entries (of 50), bytes to verdict", _of_entries(50), _of_entries(500)),
    ):
        _expect(small, large, by=engine, valid=True)
        pairs = [[_timed(verdict, body) for body in (small, large)] for _ in range(GROWING)]
        few, many = (median(times) for times in zip(*pairs, strict=True))
        yield Row(what, _told(many), _told(few), many / few, 12)


def _expect(*bodies: bytes, by: Validator, valid: bool) -> None:
    """Check that the fast pass accepts each valid body, and that the engine finds issues in the others."""
    if any((by.validate(read(body), REQUEST) == ()) is not valid for body in bodies):
        raise RuntimeError(f"a body has the wrong verdict for its measurement, valid: {valid}")
    if valid and not all(by.is_valid_fast(read(body), REQUEST) for body in bodies):
        raise RuntimeError("the fast pass is not sure of a body that must be valid")


def _of_items(count: int) -> bytes:
    return _written(request_bundle(items=[request_item(number) for number in range(1, count + 1)]))


def _of_entries(count: int) -> bytes:
    """Build a request with this many entries: roles of one practitioner, each in the Claim's care team."""
    bundle = request_bundle()
    claim = bundle["entry"][0]["resource"]
    member = claim["careTeam"][0]
    for number in range(2, count - len(bundle["entry"]) + 2):
        name = f"PractitionerRole/role-{number}"
        claim["careTeam"].append({**member, "sequence": number, "provider": {"reference": name}})
        bundle["entry"].append(entry(name, practitioner_role()))
    return _written(bundle)


def _written(bundle: dict[str, Any]) -> bytes:
    return json.dumps(bundle, separators=(",", ":")).encode()


def _in_turns(bodies: list[bytes], *steps: Step) -> list[float]:
    """Return the median processor time of each step, in milliseconds.

    A turn has many calls, because the first calls after another step find cold caches.
    """
    times: list[list[float]] = [[] for _ in steps]
    for first in range(0, len(bodies), TURN):
        for own, step in zip(times, steps, strict=True):
            own += [_timed(step, body) for body in bodies[first : first + TURN]]
    return [median(own) for own in times]


def _timed(step: Step, body: bytes) -> float:
    started = time.thread_time_ns()
    step(body)
    return (time.thread_time_ns() - started) / 1e6


def _told(milliseconds: float) -> str:
    return f"{milliseconds:.3f} ms"


def _start() -> float:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, check=True, text=True)
    return float(done.stdout)


def _memory(folder: Path) -> Row:
    """Measure the memory of an idle server (proc(5), status)."""
    own = folder / "resting"
    own.mkdir()
    with server_process(own) as server:
        status = Path(f"/proc/{server.process.pid}/status").read_text()
    resident = int(status.partition("VmRSS:")[2].split()[0]) / MEBIBYTE
    return Row("memory of the server at rest", f"{resident:.0f} MiB", "150 MiB", resident / 150, 1)
