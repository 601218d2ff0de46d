"""The same request gets the same answer: the first answer, byte for byte, kept as long as the authorization."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

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


def replay_key(owner: str, edition: str, resource: dict[str, Any]) -> str:
    """Digest what `owner` sent in `edition`: the content without Bundle.id, meta and timestamp."""
    content = {name: value for name, value in resource.items() if name not in IGNORED}
    digest = hashlib.sha256(canonical(content))
    digest.update(f"|{owner}|{edition}".encode())
    return digest.hexdigest()


def replay_insert(key: str, replay: Replay) -> Insert:
    """Keep the answer; a second first answer conflicts."""
    return Insert(Document(KIND, key, msgspec.json.encode(replay).decode()))


async def replayed(documents: Documents, key: str) -> Replay | None:
    """Return the first answer to what `key` stands for, if there was one."""
    document = await documents.get(KIND, key)
    return None if document is None else msgspec.json.decode(document.body, type=Replay)
