"""The worklist rows of earlier builds, which a start replaces by Tasks."""

from __future__ import annotations

from app.ports import AnyOf, Document, Documents
from app.records.kinds import FORMER_TERMS, FORMER_WORKLIST
from app.records.scan import scan


async def former_rows(documents: Documents) -> list[Document]:
    """Read all rows. The id of each is that of its authorization."""
    [(name, value)] = FORMER_TERMS
    return await scan(documents, FORMER_WORKLIST, AnyOf(name, (value,)))
