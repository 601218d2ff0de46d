"""Compare the server's resident memory before and after uploads that clients abandon."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

from rich.progress import Progress

from tests.bench.row import Row
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.raw import connect, request, send

UPLOADS = 200
BYTES = 15_000_000
HELD = 256_000_000
"""Bytes that one client may have in flight: above the default, and all that the server accepts."""

SETTLES = 2.0
"""Seconds for the server to notice that the senders are gone."""

MEBIBYTE = 1024 * 1024
BOUND = 1.5


def memory_rows(folder: Path, progress: Progress) -> list[Row]:
    """Start many uploads at once, abandon them all, and measure the server's memory."""
    own = folder / "given-up"
    own.mkdir()
    settings = {"max_connections_per_address": UPLOADS, "max_inflight_bytes_per_client": HELD}
    with server_process(own, **settings) as server:
        begun = _begun_upload(own)
        _give_up(server, begun, 1, progress)
        before = resident(server)
        _give_up(server, begun, UPLOADS, progress)
        after = resident(server)
    what = f"resident memory after {UPLOADS} uploads of {BYTES / 1e6:g} MB that clients abandoned (before)"
    return [Row(what, _told(after), _told(before), after / before, BOUND)]


def _begun_upload(folder: Path) -> bytes:
    """Write a submit without its last bytes."""
    login = f"Authorization: {bearer(folder, 'ehr-a')}"
    lines = (login, "Content-Type: application/fhir+json", f"Content-Length: {BYTES}")
    return request("/fhir/Claim/$submit", *lines, method="POST") + b" " * (BYTES - 1)


def _give_up(server: ServerProcess, begun: bytes, times: int, progress: Progress) -> None:
    """Send the body on all connections, keep them open until the last has sent it, then close them."""
    with ExitStack() as stack:
        for _ in progress.track(range(times), description="giving up uploads"):
            send(stack.enter_context(connect(server.address)), begun)
    time.sleep(SETTLES)


def resident(server: ServerProcess) -> int:
    """Return the bytes of memory that the process occupies."""
    fields = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(field.split()[1]) * 1024 for field in fields if field.startswith("VmRSS:"))


def _told(size: int) -> str:
    return f"{size / MEBIBYTE:.0f} MiB"
