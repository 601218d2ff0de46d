"""Compare the processor time of a `$submit` with and without authentication, and with and without its AuditEvent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from rich.progress import Progress
from starlette.types import ASGIApp, Message

from app.access.verifier import Verified
from app.adapters.sqlite.store import SqliteDocuments
from app.main import create_app
from app.settings import Settings
from app.workflow.registry.principal import Principal
from app.workflow.system import System
from tests.bench.bundles import request_body
from tests.bench.row import Row
from tests.support.server import Server, serving, with_parts

CALLERS = 16
ROUNDS = 60
WARM_ROUNDS = 3
CLIENT = "ehr-a"


class Accepting:
    """Accepts every token as one client, without limits: stands in for all parts of a System that judge a caller."""

    def __init__(self, verified: Verified, principal: Principal) -> None:
        self._verified, self._principal = verified, principal

    async def verify(self, *_: object) -> Verified:
        return self._verified

    async def principal(self, *_: object) -> Principal:
        return self._principal

    async def check(self, *_: object) -> None:
        return

    def enter(self, *_: object) -> None:
        return

    def leave(self, *_: object) -> None:
        return


@dataclass(slots=True)
class Contender:
    """A server in this process, and milliseconds of processor time a request in each round."""

    app: ASGIApp
    headers: Mapping[str, str]
    audits: bool = True
    costs: list[float] = field(default_factory=list)
    serials: Iterator[int] = field(default_factory=count)

    async def round(self) -> None:
        """Submit for all callers at once."""
        bodies = [request_body(next(self.serials)) for _ in range(CALLERS)]
        with ExitStack() as without:
            if not self.audits:
                without.enter_context(patch("app.workflow.changes.audit_inserts", lambda *_: ()))
            started = time.process_time()
            await asyncio.gather(*(self._submit(body) for body in bodies))
            self.costs.append((time.process_time() - started) / CALLERS * 1_000)

    async def _submit(self, body: bytes) -> None:
        path = "/fhir/Claim/$submit"
        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode()}
        scope |= {"root_path": "", "query_string": b"", "client": ("127.0.0.1", 1), "server": ("preauth.test", 80)}
        scope |= {"headers": [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]}
        statuses: list[int] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def send(message: Message) -> None:
            statuses.extend([message["status"]] if "status" in message else [])

        await self.app(scope, receive, send)
        if statuses != [200]:
            raise RuntimeError(f"a submit was answered with {statuses}")


async def guard_rows(folder: Path, progress: Progress) -> list[Row]:
    """Submit to three servers in turns, each with a SQLite file of its own."""
    task = progress.add_task("$submit with and without guards", total=ROUNDS)
    async with AsyncExitStack() as stack:
        servers = []
        for name in ("whole", "accepting", "unaudited"):
            own = folder / name
            own.mkdir()
            documents = SqliteDocuments(own / "preauth.sqlite3")
            servers.append(await stack.enter_async_context(serving(own, documents=documents)))
        whole, accepting, unaudited = [
            _contender(servers[0], servers[0].system),
            _contender(servers[1], await _accepting(servers[1])),
            _contender(servers[2], servers[2].system, audits=False),
        ]
        contenders = [whole, accepting, unaudited]
        for number in range(WARM_ROUNDS + ROUNDS):
            for place in range(len(contenders)):  # each is first, second and last in turns
                await contenders[(number + place) % len(contenders)].round()
            progress.update(task, completed=number - WARM_ROUNDS)
    return [
        _compared("authentication, authorization and limits (a verifier that accepts)", whole, accepting, 1.05),
        _compared("the AuditEvent in the same commit (none)", whole, unaudited, 1.1),
    ]


def _contender(server: Server, system: System, *, audits: bool = True) -> Contender:
    app = create_app(Settings(store="memory"), system=system)
    return Contender(app, server.headers(CLIENT), audits)


async def _accepting(server: Server) -> System:
    system, now = server.system, server.clock.now()
    verified = await system.identity.tokens.verify(server.headers(CLIENT)["Authorization"].removeprefix("Bearer "), now)
    principal = await system.identity.registry.principal(CLIENT, "", now)
    assert principal is not None
    guards = dict.fromkeys(("tokens", "registry", "revocations", "limiter"), Accepting(verified, principal))
    return with_parts(system, **guards)


def _compared(what: str, ours: Contender, other: Contender, bound: float) -> Row:
    own, others = ours.costs[WARM_ROUNDS:], other.costs[WARM_ROUNDS:]
    ratio = median(one / beside for one, beside in zip(own, others, strict=True))
    spent = f"processor time of a $submit, {CALLERS} callers: {what}"
    return Row(spent, f"{median(own):.2f} ms", f"{median(others):.2f} ms", ratio, bound)
