"""Replace the secret or the keys of a client, and keep the old ones valid for a while."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from app.access.registry import Client, ClientAuth, Previous
from app.cli.registry.common import existing, refuse_row_of_others
from app.cli.registry.credentials import Credentials, new_credentials
from app.cli.registry.store import Refused
from app.ports import Documents
from app.records.access.registry import change_row
from app.registry.jwks_file import read_jwks_file

HOUR = 3600


async def rotated(
    documents: Documents, id_: str, jwks_file: Path | None, folder: Path, overlap: float
) -> tuple[Client, Credentials]:
    """Give a client new credentials; return both. The old ones stay valid for `overlap` hours.

    Raises Refused if the client has none here, or if a start would bring back the old ones.
    """
    client = await existing(documents, Client, id_)
    _refuse(client)
    bare = replace(client, jwks=None, secrets=())
    credentials = new_credentials(bare, folder) if jwks_file is None else Credentials(jwks=_brought(client, jwks_file))
    until = time.time() + overlap * HOUR

    def change(current: Client) -> Client:
        previous = Previous(until=until, secrets=current.secrets, jwks=current.jwks)
        kept = previous if overlap and (current.secrets or current.jwks) else None
        return credentials.given_to(replace(current, previous=kept))

    with credentials.kept_if_registered():
        changed = await change_row(documents, Client, client.key, change)
        if changed is None:
            raise Refused(f"The client {id_} was removed meanwhile.")
    return changed, credentials


def _refuse(client: Client) -> None:
    if not client.commanded and (client.secrets or client.jwks):
        refuse_row_of_others(client)
    if client.issuer is not None:
        raise Refused(f"The client {client.id} proves its identity to {client.issuer}. Rotate its keys there.")
    if client.udap is not None:
        raise Refused(
            f"The client {client.id} proves its identity by a certificate of its community, and has no keys here."
        )
    if client.auth is ClientAuth.NONE:
        raise Refused(f"The client {client.id} is public: it has no secret and no keys.")
    if client.jwks_uri is not None:
        raise Refused(f"The client {client.id} publishes its keys at {client.jwks_uri}, and must rotate them there.")


def _brought(client: Client, file: Path) -> dict[str, Any]:
    """Return the keys of a file. A new key must have a kid of its own: equal ones would both be unusable."""
    if client.auth is not ClientAuth.PRIVATE_KEY_JWT:
        raise Refused(f"The client {client.id} uses a secret, not keys: leave out --jwks.")
    try:
        jwks = read_jwks_file(file)
    except ValueError as unusable:
        raise Refused(f"--jwks {unusable}.") from unusable
    known = {key["kid"] for key in (client.jwks or {"keys": []})["keys"]}
    if repeated := sorted(known & {key["kid"] for key in jwks["keys"]}):
        raise Refused(f"--jwks must have keys with a new kid; the client has {', '.join(repeated)} already.")
    return jwks
