"""Find the people of a demo, who must not be in a production store: their passwords and keys are on paper."""

from __future__ import annotations

from app.access.registry import Client, Organization, Source, User
from app.ports import Documents
from app.records.access.registry import all_rows


async def refuse_demo_rows(documents: Documents) -> None:
    """Raise RuntimeError, with a sentence for the operator, if the store has a row that a demo made."""
    rows = [row for type_ in (Organization, Client, User) for row in await all_rows(documents, type_)]
    ids = sorted({row.id for row in rows if row.source is Source.DEMO})
    if ids:
        raise RuntimeError(f"The store has people of a demo: {', '.join(ids)}. Use a store that no demo used.")
