"""The first answers: the same request gets the same answer, byte for byte, as long as the authorization exists.

These reads are the payer's own: no interaction serves them, and no Reach limits them. The key includes the submitting
organization, so that no organization gets the answer to another's request.
"""

from __future__ import annotations

import hashlib
from typing import Any

from msgspec import Struct

from app.fhir.json import canonical
from app.ports import Document, Documents, Insert

KIND = "replay"
IGNORED = frozenset({"id", "meta", "timestamp"})
"""Elements that may differ when a client sends the same request again."""


class Replay(Struct, frozen=True):
    """A first answer. `key` digests the request; `resource` is the id of the Claim that it created."""

    key: str
    resource: str
    body: str


def replay_key(owner: str, edition: str, elements: dict[str, Any]) -> str:
    """Digest a resource that `owner` sent in `edition`, without its id, meta and timestamp.

    An element may be given as the JSON that `canonical` writes for it.
    """
    content = {name: value for name, value in elements.items() if name not in IGNORED}
    digest = hashlib.sha256(canonical(content))
    digest.update(f"|{owner}|{edition}".encode())
    return digest.hexdigest()


def replay_insert(replay: Replay) -> Insert:
    """Keep the answer; a second first answer to the same request conflicts.

    The first line is the id, and the answer follows unescaped: escaped, it could exceed the store's largest document.
    """
    return Insert(Document(KIND, replay.key, f"{replay.resource}\n{replay.body}"))


async def find_replay(documents: Documents, key: str) -> Replay | None:
    """Return the first answer to the request with this key; None for a new request."""
    document = await documents.get(KIND, key)
    if document is None:
        return None
    resource, _, body = document.body.partition("\n")
    return Replay(key, resource, body)
