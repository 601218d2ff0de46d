"""Say which payers' auditors see an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from app.access.reach import ANY_PAYER
from app.domain.authorization import UNKNOWN_PAYER
from app.ports import Documents
from app.records.audit.events import Entry, payers_of_patients


def payers_concerned(served: Collection[str], *candidates: Iterable[str]) -> tuple[str, ...]:
    """Return the first candidates that name a payer; else the only payer that is `served`, or all.

    All payers are a mark, not a list: a payer that is added later could have been meant, too.
    """
    for candidate in candidates:
        if payers := tuple(dict.fromkeys(candidate)):
            return payers
    return tuple(served) if len(served) == 1 else (UNKNOWN_PAYER, ANY_PAYER)


async def with_payers(documents: Documents, entries: list[Entry]) -> list[Entry]:
    """Return the entries; those that name a patient, but no payer, with the payers of the Patient.

    Otherwise, the auditors of every payer would learn whose patient a member's app or a token was about.
    """
    patients = {access.patient for _, access in entries if access.patient and ANY_PAYER in access.payers}
    if not patients:
        return entries
    payers = await payers_of_patients(documents, patients)
    return [
        (actor, replace(access, payers=payers[access.patient]))
        if ANY_PAYER in access.payers and payers.get(access.patient)
        else (actor, access)
        for actor, access in entries
    ]
