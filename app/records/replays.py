"""The same request gets the same answer: the first answer, byte for byte, kept as long as the authorization.

These are the payer's own reads: no interaction serves them, and no reach bounds them. The key holds who sent it, so
that nobody gets the answer to what another organization sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from app.fhir.json import canonical
from app.ports import Document, Documents, Insert

KIND = "replay"
IGNORED = frozenset({"id", "meta", "timestamp"})
"""What a sender may write anew each time it sends the same thing again."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A first answer. `resource` is the id of the Claim that it created."""

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


def replay_insert(key: str, replay: Replay) -> Insert:
    """Keep the answer; a second first answer conflicts.

    The first line is the id, the answer follows as it is: escaped once more, it could be more than a store takes.
    """
    return Insert(Document(KIND, key, f"{replay.resource}\n{replay.body}"))


async def replayed(documents: Documents, key: str) -> Replay | None:
    """Return the first answer to what `key` stands for, if there was one."""
    document = await documents.get(KIND, key)
    if document is None:
        return None
    resource, _, body = document.body.partition("\n")
    return Replay(resource, body)
