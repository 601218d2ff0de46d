"""The payers that a store has served: each has an Organization under its own id since its first start."""

from __future__ import annotations

from app.access.reach import PAYER
from app.ports import Documents
from app.records.kinds import all_of_type
from app.records.scan import scan


async def served_payers(documents: Documents) -> list[str]:
    """Return the names of the payers, also of those whose policy is gone."""
    organizations = await scan(documents, "Organization", all_of_type("Organization"))
    return sorted(document.id for document in organizations if (PAYER, document.id) in document.terms)
