"""The paid services and the claim identifiers of a payer: a row for each, which a second claim finds.

These reads are the payer's own: no interaction serves them, and no Reach limits them. A workflow names the claim to its
owner only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from app.ports import Document, Documents, Insert

KIND = "billed"


class Billed(Struct, frozen=True):
    """The first claim with a service or an identifier. `key` digests it; `owner` is the biller's organization."""

    payer: str
    key: str
    claim: str
    owner: str


_decoder = msgspec.json.Decoder(Billed)
_encoder = msgspec.json.Encoder()


def billed_insert(billed: Billed) -> Insert:
    """Keep the claim. A second claim with the key under the same payer conflicts."""
    return Insert(Document(KIND, _id(billed.payer, billed.key), _encoder.encode(billed).decode()))


async def find_billed(documents: Documents, payer: str, keys: Iterable[str]) -> Mapping[str, Billed]:
    """Return the payer's first claims with these keys, by key."""
    ids = [_id(payer, key) for key in dict.fromkeys(keys)]
    rows = [_decoder.decode(document.body) for document in await documents.get_many(KIND, ids)]
    return {row.key: row for row in rows}


def _id(payer: str, key: str) -> str:
    return f"{payer}|{key}"
