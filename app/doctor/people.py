"""Check the registered clients: whether any can call, which are disabled or without keys, and which a demo made."""

from __future__ import annotations

from collections.abc import Iterator

from app.access.registry import Client, ClientAuth
from app.ports import Documents
from app.records.access.registry import all_rows
from app.records.installation.demo_rows import refuse_demo_rows
from app.safety.check import Check, failed, passed, warned
from app.settings import Settings

_ADD = "Run: preauth client add --help"


async def check_people(settings: Settings, documents: Documents) -> list[Check]:
    """Check the registered clients and users."""
    clients = await all_rows(documents, Client)
    return [*_clients(clients), *await _demo_rows(settings, documents)]


def _clients(clients: list[Client]) -> Iterator[Check]:
    enabled = [client for client in clients if not client.disabled]
    if not enabled:
        yield warned("clients", "No client is registered and enabled: the server has no callers.", _ADD)
        return
    yield passed("clients", f"{len(enabled)} clients are enabled, {len(clients) - len(enabled)} disabled.")
    if keyless := sorted(client.id for client in enabled if _is_keyless(client)):
        yield warned("keys of clients", f"Clients without a key or a secret: {', '.join(keyless)}.", _ADD)


def _is_keyless(client: Client) -> bool:
    """Return whether the client can never prove its identity here, and no other issuer does it."""
    if client.issuer is not None or client.auth is ClientAuth.NONE:
        return False
    if client.auth is ClientAuth.CLIENT_SECRET:
        return not client.secrets
    return not (client.jwks or client.jwks_uri)


async def _demo_rows(settings: Settings, documents: Documents) -> list[Check]:
    if settings.environment == "demo":
        return []
    try:
        await refuse_demo_rows(documents)
    except RuntimeError as refused:
        return [failed("people of a demo", str(refused))]
    return [passed("people of a demo", "The store has no client and no user of a demo.")]
