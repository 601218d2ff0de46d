"""Check the registered clients: whether any can call, which are disabled or without keys, and which a demo made."""

from __future__ import annotations

from collections.abc import Iterator

from app.access.registry import Client
from app.counts import counted
from app.ports import Documents
from app.records.access.registry import all_rows
from app.records.installation.demo_rows import refuse_demo_rows
from app.registry.contradictions import lacks_proof
from app.safety.check import Check, failed, passed, warned
from app.settings import Settings

_ADD = "Run: preauth client add --help"
_ROTATE = "Run for each: preauth client rotate ID"


async def check_people(settings: Settings, documents: Documents) -> list[Check]:
    """Check the registered clients, and in production that no row is a demo's."""
    clients = await all_rows(documents, Client)
    return [*_clients(clients), *await _demo_rows(settings, documents)]


def _clients(clients: list[Client]) -> Iterator[Check]:
    enabled = [client for client in clients if not client.disabled]
    if not enabled:
        yield warned("clients", "No client is registered and enabled: the server has no callers.", _ADD)
        return
    yield passed("clients", f"{counted(len(enabled), 'enabled client')}, {len(clients) - len(enabled)} disabled.")
    if keyless := sorted(client.id for client in enabled if lacks_proof(client)):
        yield warned("keys of clients", f"Clients without a key or a secret: {', '.join(keyless)}.", _ROTATE)


async def _demo_rows(settings: Settings, documents: Documents) -> list[Check]:
    if settings.environment == "demo":
        return []
    try:
        await refuse_demo_rows(documents)
    except RuntimeError as refused:
        return [failed("people of a demo", str(refused))]
    return [passed("people of a demo", "The store has no client and no user of a demo.")]
