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


def replay_key(owner: str, message: str, elements: dict[str, Any]) -> str:
    """Digest a resource that `owner` sent, without its id, meta and timestamp.

    `message` is the kind of the message and its edition, such as `inquiry 2.2.1`: the same content in another message
    has another key. An element may be given as the JSON that `canonical` writes for it.
    """
    content = {name: value for name, value in elements.items() if name not in IGNORED}
    digest = hashlib.sha256(canonical(content))
    digest.update(f"|{owner}|{message}".encode())
    return digest.hexdigest()


def replay_insert(replay: Replay) -> Insert:
    """Keep the answer. A second answer under the same key conflicts.

    The first line is the id. The answer follows unescaped, because escapes could make it larger than the store allows.
    """
    return Insert(Document(KIND, replay.key, f"{replay.resource}\n{replay.body}"))


async def find_replay(documents: Documents, key: str) -> Replay | None:
    """Return the first answer to the request with this key; None for a new request."""
    document = await documents.get(KIND, key)
    if document is None:
        return None
    resource, _, body = document.body.partition("\n")
    return Replay(key, resource, body)
