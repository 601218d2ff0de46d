"""The first answers: the same request gets the same answer, byte for byte, as long as the authorization exists.

These reads are the payer's own: no interaction serves them, and no Reach limits them. The key includes the submitting
organization, so that no organization gets the answer to another's request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from app.fhir.json import canonical
from app.ports import Document, Documents, Insert, Term

KIND = "replay"
CLAIM = "claim"
"""The term by which the first answers about a Claim are found."""

IGNORED = frozenset({"id", "meta", "timestamp"})
"""Elements that may differ when a client sends the same request again."""


class Replay(Struct, frozen=True):
    """A first answer. `key` digests the request; `resource` is the id of the Claim that it created."""

    key: str
    resource: str
    body: str


def replay_keys(owners: Iterable[str], message: str, elements: dict[str, Any]) -> dict[str, str]:
    """Digest a resource without its id, meta and timestamp: for each of the sender's organizations, its key.

    A submission belongs to one of them, and its key is that one's. `message` is the kind of the message and its
    edition, such as `inquiry 2.2.1`: the same content in another message has another key. An element may be given as
    the JSON that `canonical` writes for it.
    """
    content = {name: value for name, value in elements.items() if name not in IGNORED}
    digest = hashlib.sha256(canonical(content))
    return {owner: _digest_of(digest, f"|{owner}|{message}") for owner in owners}


def replay_insert(replay: Replay) -> Insert:
    """Keep the answer. A second answer under the same key conflicts.

    The first line is the id. The answer follows unescaped, because escapes could make it larger than the store allows.
    """
    body = f"{replay.resource}\n{replay.body}"
    return Insert(Document(KIND, replay.key, body, ((CLAIM, replay.resource),)))


def recomputed_terms(document: Document) -> tuple[Term, ...]:
    """Compute the terms of a stored answer again, for a new term table."""
    return ((CLAIM, document.body.partition("\n")[0]),)


async def find_replay(documents: Documents, keys: Sequence[str]) -> Replay | None:
    """Return the first answer to the request that has one of these keys; None for a new request."""
    kept = await documents.get_many(KIND, keys)
    if not kept:
        return None
    resource, _, body = kept[0].body.partition("\n")
    return Replay(kept[0].id, resource, body)


async def created_by(documents: Documents, replay: Replay) -> tuple[Document, ...]:
    """Return the Claim of a first answer, whose owner is the caller: its patient is the subject of the AuditEvent."""
    claim = await documents.get("Claim", replay.resource)
    return () if claim is None else (claim,)


def _digest_of(content: hashlib._Hash, sender: str) -> str:
    digest = content.copy()
    digest.update(sender.encode())
    return digest.hexdigest()
