"""Many draw units of one document, each by compare-and-set. As a program: a second process that does the same."""

from __future__ import annotations

import asyncio
import sys
from uuid import uuid4

from msgspec.structs import replace

from app.adapters.pauses import pauses
from app.ports import AnyOf, Conflict, Document, Documents, Insert, Query, Replace, StoreUnavailable
from tests.store.places import TABLE, open_address

UNITS = Document("Units", "authorization", "0")


async def draw(documents: Documents, limit: int) -> bool:
    """Take a unit and note who took it; False when none is left.

    The entries are read after the balance, so that they never lag behind it; a balance that they are ahead of is old.
    """
    for pause in pauses(180):
        stored = await documents.get(UNITS.kind, UNITS.id)
        assert stored is not None
        entries = await documents.count(Query("Entry", (AnyOf("of", (UNITS.id,)),)), cap=1000)
        assert entries >= int(stored.body)
        if entries >= limit:
            return False
        entry = Document("Entry", str(uuid4()), "", terms=(("of", UNITS.id),))
        try:
            await documents.commit(Replace(replace(stored, body=str(int(stored.body) + 1))), Insert(entry))
        except Conflict:
            await asyncio.sleep(20 * pause)  # many more draw here than anybody would in earnest
        except StoreUnavailable:  # on a busy machine; whether the commit went through is not known
            if await documents.get(entry.kind, entry.id) is not None:
                return True
        else:
            return True
    raise AssertionError("three minutes of conflicts")


async def draw_many(documents: Documents, times: int, limit: int) -> int:
    """Draw at the same time, and return how many got a unit."""
    return sum(await asyncio.gather(*(draw(documents, limit) for _ in range(times))))


async def _main(address: str, times: int, limit: int) -> None:
    documents = open_address(address)
    await documents.start(TABLE)
    _say("ready")
    sys.stdin.readline()
    _say(await draw_many(documents, times, limit))
    await documents.close()


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
