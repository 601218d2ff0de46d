"""The shelf of rate limits: one row with the callers that a restart must not forget."""

from __future__ import annotations

import msgspec

from app.access.limiter import Kept
from app.ports import Conflict, Document, Documents, Insert, Replace

KIND = "pace"
ROW = "limits"

_decoder = msgspec.json.Decoder(dict[str, dict[str, float]])


async def read_kept(documents: Documents) -> Kept:
    """Return the stored state; it is empty if there is none."""
    stored = await documents.get(KIND, ROW)
    return {} if stored is None else _decoder.decode(stored.body)


async def keep(documents: Documents, kept: Kept) -> None:
    """Store the state, unless it is stored already or another process was first."""
    stored = await documents.get(KIND, ROW)
    body = msgspec.json.encode(kept).decode()
    if body == ("{}" if stored is None else stored.body):
        return
    row = Document(KIND, ROW, body, version=1 if stored is None else stored.version)
    try:
        await documents.commit(Insert(row) if stored is None else Replace(row))
    except Conflict:
        return
