"""Prepare the demo: a server, a token for each client, and today's date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from joserfc.jwk import RSAKey

from app.adapters.clock import SystemClock
from app.adapters.tokens.key_files import load_key
from app.adapters.tokens.own_tokens import mint
from app.demo.listener import Mailbox, listening
from app.demo.payer_server import serving
from app.demo.scene import Scene
from app.demo.story import CLIENTS
from app.registry.people_file import demo_people

PAYERS_CLOCK = ZoneInfo("America/New_York")
"""The time zone of the shipped policy's days."""

TOKEN_LIFETIME = timedelta(minutes=10)
PATIENCE = httpx.Timeout(30)


@contextmanager
def staged(folder: Path, policy: Path | None = None) -> Iterator[Scene]:
    """Start a server on `folder` and connect to it. Raises NotServing."""
    with serving(folder, policy) as base, connected(base, load_key(folder), SystemClock().now()) as scene:
        scene.later = partial(_later, folder, policy, base)
        yield scene


def _later(folder: Path, policy: Path | None, base: str, ahead: timedelta) -> AbstractContextManager[str]:
    """Start a second server on the folder for the same base URL, with a clock that is ahead."""
    offset = str(round(ahead.total_seconds()))
    settings = {"PREAUTH_BASE_URL": base.removesuffix("/fhir"), "PREAUTH_CLOCK_OFFSET": offset}
    return serving(folder, policy, settings)


@contextmanager
def connected(base: str, key: RSAKey, now: datetime) -> Iterator[Scene]:
    """Connect to a running server. `key` is its signing key, `now` the time of its clock."""
    mailbox, tokens = Mailbox(), _tokens(key, base.removesuffix("/fhir"), now)
    with listening(mailbox.take) as endpoint, httpx.Client(base_url=base, timeout=PATIENCE, trust_env=False) as http:
        yield Scene(http, tokens, now.astimezone(PAYERS_CLOCK).date(), endpoint, mailbox)


def _tokens(key: RSAKey, root: str, now: datetime) -> dict[str, str]:
    clients = [client for client in demo_people().clients if client.id in CLIENTS]
    return {client.id: mint(key, root, client.id, client.scopes, now, lifetime=TOKEN_LIFETIME) for client in clients}
