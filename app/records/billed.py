"""The claims that a payer answered, by digest: of a claim identifier, or of one day of services.

These reads are the payer's own: no interaction serves them, and no Reach limits them. A workflow names the claim to its
owner only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from app.ports import Document, Documents, Insert, Replace

KIND = "billed"


class BilledClaim(Struct, frozen=True):
    """A claim, the biller's organization (`owner`), and the digests of the services that the payer paid."""

    claim: str
    owner: str
    services: tuple[str, ...] = ()


class Billed(Struct, frozen=True):
    """The claims with one key, a digest. `version` is the version that was read; a new row has 0."""

    payer: str
    key: str
    claims: tuple[BilledClaim, ...] = ()
    version: int = 0


_decoder = msgspec.json.Decoder(tuple[BilledClaim, ...])
_encoder = msgspec.json.Encoder()


def billed_write(billed: Billed) -> Insert | Replace:
    """Write the claims. Conflicts if another commit has written the payer's row with this key since it was read."""
    body = _encoder.encode(billed.claims).decode()
    if not billed.version:
        return Insert(Document(KIND, _id(billed.payer, billed.key), body))
    return Replace(Document(KIND, _id(billed.payer, billed.key), body, version=billed.version))


async def find_billed(documents: Documents, payer: str, keys: Iterable[str]) -> Mapping[str, Billed]:
    """Return the payer's rows with these keys, by key."""
    ids = {_id(payer, key): key for key in keys}
    return {
        (key := ids[document.id]): Billed(payer, key, _decoder.decode(document.body), document.version)
        for document in await documents.get_many(KIND, list(ids))
    }


def _id(payer: str, key: str) -> str:
    return f"{payer}|{key}"
