"""Run a whole server in the test's process: real parts, with a clock and ids that the test controls."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from msgspec.structs import replace

from app import log
from app.access.limiter import Limiter, Limits
from app.access.pace import Pace
from app.access.registry import Client
from app.adapters.memory import MemoryDocuments
from app.adapters.tokens.key_ring import KeyRing
from app.adapters.tokens.own_tokens import OwnTokens, mint
from app.audit.write_event import EVENT
from app.composition import build_system
from app.conformance.admission import Conformance
from app.conformance.strictness import Level
from app.fhir.json import write
from app.main import create_app
from app.policy.policy import Policy
from app.ports import Documents
from app.records.access.page_key import PageKey
from app.settings import Settings
from app.workflow.aside import Aside
from app.workflow.audit.log import AuditLog
from app.workflow.clock_watch import ClockWatch
from app.workflow.contention import Contention
from app.workflow.hooks import Bell
from app.workflow.registry.registry import Registry
from app.workflow.registry.revocations import Revocations
from app.workflow.system import System
from app.workflow.turns import Turns
from tests.support.canary import leaks
from tests.support.judged import Judged
from tests.support.keys import write_key
from tests.support.logged import PATIENCE
from tests.support.people import DEMO_CLIENTS

ROOT = "http://preauth.test"
START = datetime(2026, 1, 1, 15, 0, tzinfo=UTC)


@cache
def signing_key() -> RSAKey:
    """Return one key for all tests: creating a key takes longer than most tests."""
    key = RSAKey.generate_key(2048)
    key.ensure_kid()
    return key


@dataclass(slots=True)
class HeldClock:
    """Stands still until the test moves it."""

    instant: datetime = START

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)


class SeededIds:
    """The same ids in every run."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def new(self) -> str:
        text = f"{self._random.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def characters(self, count: int, alphabet: str) -> str:
        return "".join(self._random.choice(alphabet) for _ in range(count))


@dataclass(slots=True)
class Server:
    """A running server and a connection to it."""

    http: httpx.AsyncClient
    system: System
    clock: HeldClock
    clients: Mapping[str, Client] = field(default_factory=lambda: DEMO_CLIENTS)

    def is_sent_junk(self) -> None:
        """Expect invalid bodies: echoed parts of them are not judged."""
        way = self.http._transport
        assert isinstance(way, Judged)
        way.junk = True

    def headers(self, client: str, **more: str) -> dict[str, str]:
        principal = self.clients[client]
        now, hour = self.clock.now(), timedelta(hours=1)
        token = mint(signing_key(), ROOT, principal.id, principal.scopes, now, lifetime=hour)
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json", **more}

    async def post(
        self, path: str, body: Any, client: str = "ehr-a", base: str = "/fhir", **headers: str
    ) -> httpx.Response:
        content = body if isinstance(body, bytes | str) else write(body)
        return await self.http.post(base + path, content=content, headers=self.headers(client, **headers))

    async def put(self, path: str, body: Any, client: str = "admin", **headers: str) -> httpx.Response:
        return await self.http.put("/fhir" + path, content=write(body), headers=self.headers(client, **headers))

    async def get(self, path: str, client: str = "ehr-a", base: str = "/fhir", **headers: str) -> httpx.Response:
        return await self.http.get(base + path, headers=self.headers(client, **headers))


@cache
def shipped_system() -> System:
    """Build once the parts that no test changes: reading the policies takes longer than most tests.

    Clients play providers of any NPI; only the tests of tenancy bind them, as is the default.
    """
    with TemporaryDirectory() as folder:
        write_key(Path(folder), signing_key().as_pem(private=True))
        system = build_system(Settings(data=Path(folder), store="memory", base_url=ROOT, requestor_match="any"))
        assert system.identity.oauth is not None
        tokens = OwnTokens(still_ring(Path(folder)), ROOT, HeldClock())
        return with_parts(system, tokens=tokens, oauth=replace(system.identity.oauth, signer=tokens))


def with_parts(system: System, **parts: Any) -> System:
    """Return the system with other parts, each by its own name, also in `identity`, `budgets` and `hooks`."""
    groups: dict[str, Any] = {}
    for name in ("identity", "budgets", "hooks"):
        group = getattr(system, name)
        inner = {part: parts.pop(part) for part in group.__struct_fields__ if part in parts}
        groups[name] = replace(group, **inner)
    return replace(system, **groups, **parts)


@cache
def memory_settings() -> Settings:
    """Read the settings once: that takes as long as an average test."""
    return Settings(store="memory", base_url=ROOT)


def still_ring(folder: Path) -> KeyRing:
    """Return the keys of a folder that are never read again: the folder may go."""
    return KeyRing(folder, monotonic=lambda: 0.0)


def at_level(level: Level) -> Conformance:
    """Return the shipped engine at this level of strictness."""
    return replace(shipped_system().conformance, level=level)


@asynccontextmanager
async def serving(
    folder: Path, *, documents: Documents | None = None, policies: Mapping[str, Policy] | None = None, **parts: Any
) -> AsyncIterator[Server]:
    """Serve from memory (or another store) with the shipped policies (or others); `parts` replace other parts."""
    clock = HeldClock()
    write_key(folder, signing_key().as_pem(private=True))
    settings = memory_settings().model_copy(update={"data": folder})
    log.configure(settings.log_level)
    store = documents or MemoryDocuments()
    system = with_parts(
        shipped_system(),
        documents=store,
        payers=shipped_system().payers if policies is None else policies,
        registry=Registry(store),
        page_key=PageKey(store),
        clock=clock,
        ids=SeededIds(),
        clock_watch=ClockWatch(None),
        has_workers=False,
        **fresh(),
    )
    system = with_parts(system, **({} if parts.get("demo", True) else {"people": {}}), **parts)
    app = create_app(settings, system=system)
    try:
        async with app.router.lifespan_context(app), connected(app) as http:
            log.flush(PATIENCE)
            yield Server(http, system, clock)
        check_audit(system)
    finally:
        log.flush(PATIENCE)  # else a line could appear in what the next test captures


def check_audit(system: System) -> None:
    """Fail if an audit record of the test has a canary."""
    if isinstance(system.documents, MemoryDocuments):
        events = (row.body for (kind, _), row in system.documents._documents.items() if kind == EVENT)
        assert [leaked for body in events for leaked in leaks(body)] == []


def fresh() -> dict[str, Any]:
    """Return new parts that keep state of a running server, apart from its store."""
    return {
        "contention": Contention(),
        "limiter": plenty(),
        "audit": AuditLog(),
        "threads": Aside(),
        "revocations": Revocations(),
        "turns": Turns(),
        "bell": Bell(),
    }


def plenty() -> Limiter:
    """Return rate limits that no test reaches by chance."""
    unreached = Pace(1e9, 1_000_000)
    return Limiter(Limits(client=unreached, concurrent=1_000_000, address=unreached, failures=unreached))


def connected(app: FastAPI) -> httpx.AsyncClient:
    """Connect to a server; its answers must be conformant."""
    way = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=Judged(way), base_url=ROOT)
