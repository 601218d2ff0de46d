"""The worklist rows of earlier builds, which a start replaces by Tasks."""

from __future__ import annotations

from app.ports import AnyOf, Document, Documents
from app.records.scan import scan

FORMER_KIND = "worklist"
FORMER_TERMS = (("former", "yes"),)
"""The terms that these rows get when a store opens under a new term table."""


async def former_rows(documents: Documents) -> list[Document]:
    """Read all rows. The id of each is that of its authorization."""
    return await scan(documents, FORMER_KIND, AnyOf("former", ("yes",)))
