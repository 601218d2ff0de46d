"""The stage is set: a server of its own, its people with their tokens, and today's date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from app.access.clients import DEMO_CLIENTS
from app.adapters.clock import SystemClock
from app.adapters.jwt_tokens import load_or_create_key, mint
from app.demo.payer_server import serving
from app.demo.scene import Scene
from app.demo.story import CLIENTS

PAYERS_CLOCK = ZoneInfo("America/New_York")
"""Where the shipped policy's days begin."""

TOKEN_LIFETIME = timedelta(minutes=10)
PATIENCE = httpx.Timeout(30)


@contextmanager
def staged(folder: Path, policy: Path | None = None) -> Iterator[Scene]:
    """Serve from `folder`, and connect to it. Raises NotServing."""
    with serving(folder, policy) as base, httpx.Client(base_url=base, timeout=PATIENCE, trust_env=False) as http:
        now = SystemClock().now()
        yield Scene(http, _tokens(folder, now), now.astimezone(PAYERS_CLOCK).date())


def _tokens(folder: Path, now: datetime) -> dict[str, str]:
    key = load_or_create_key(folder)
    clients = [DEMO_CLIENTS[name] for name in CLIENTS]
    return {client.id: mint(key, client, client.scopes, now, TOKEN_LIFETIME) for client in clients}
