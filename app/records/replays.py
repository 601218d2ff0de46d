"""The same request gets the same answer: the first answer, byte for byte, kept as long as the authorization.

These are the payer's own reads: no interaction serves them, and no reach bounds them. The key holds who sent it, so
that nobody gets the answer to what another organization sent.
"""

from __future__ import annotations

import hashlib
from typing import Any

from msgspec import Struct

from app.fhir.json import canonical
from app.ports import Document, Documents, Insert

KIND = "replay"
IGNORED = frozenset({"id", "meta", "timestamp"})
"""What a sender may write anew each time it sends the same thing again."""


class Replay(Struct, frozen=True):
    """A first answer. `key` digests the request; `resource` is the id of the Claim that it created."""

    key: str
    resource: str
    body: str


def replay_key(owner: str, edition: str, elements: dict[str, Any]) -> str:
    """Digest what `owner` sent in `edition`: the elements of a resource without Bundle.id, meta and timestamp.

    An element may be the JSON that `canonical` writes for it.
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


async def replayed(documents: Documents, key: str) -> Replay | None:
    """Return the first answer to what `key` stands for, if there was one."""
    document = await documents.get(KIND, key)
    if document is None:
        return None
    resource, _, body = document.body.partition("\n")
    return Replay(key, resource, body)
