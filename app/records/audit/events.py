"""The AuditEvents in the store. A search finds them within the caller's Reach; the reads here are the operator's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from datetime import datetime

from app.access.grant import Role
from app.access.reach import PATIENT, PAYER
from app.audit.access import Access, Actor
from app.audit.admission import Admission
from app.audit.seal import Seal
from app.audit.write_admission import write_admission
from app.audit.write_event import EVENT, write_event
from app.ports import AnyOf, Document, Documents, Ids, Insert, Order, Query, Range
from app.records.audit.seals import open_insert
from app.records.resources import row
from app.records.scan import PAGE, pages

ALL_EVENTS = AnyOf("action", ("C", "D", "E", "R", "U"))
"""The condition that every event meets."""

Entry = tuple[Actor, Access | Admission]


def audit_inserts(ids: Ids, entries: Sequence[Entry]) -> Iterator[Insert]:
    """Write the events, and the open row of their commit. Auditors of the payers and the patient see an event."""
    events = [_event(ids.new(), actor, access) for actor, access in entries]
    yield from map(Insert, events)
    if events:
        yield open_insert(events)


def _event(id_: str, actor: Actor, access: Access | Admission) -> Document:
    readers = [(PAYER, payer) for payer in access.payers]
    if access.patient:
        readers.append((PATIENT, access.patient))
    written = write_event(id_, actor, access) if isinstance(access, Access) else write_admission(id_, actor, access)
    return row(written, access=tuple(readers), now=datetime.fromisoformat(actor.at))


async def payers_of_patients(documents: Documents, patients: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the payers of the Patients with these ids, for the events about them."""
    stored = await documents.get_many("Patient", sorted(patients))
    return {patient.id: tuple(value for name, value in patient.terms if name == PAYER) for patient in stored}


async def bodies_of(documents: Documents, seal: Seal) -> dict[str, Document]:
    """Return the stored events of a seal by id."""
    stored: dict[str, Document] = {}
    ids = [event.id for event in seal.events]
    for start in range(0, len(ids), PAGE):
        page = await documents.get_many(EVENT, ids[start : start + PAGE])
        stored |= {document.id: document for document in page}
    return stored


def events_before(documents: Documents, moment: str) -> AsyncIterator[Document]:
    """Yield all events from before a moment, as `sortable` text."""
    return pages(documents, Query(EVENT, (ALL_EVENTS,), (Range(Order.CREATED, None, moment),), limit=PAGE))


def transfers_to_patients(documents: Documents, payer: str, first: str, after: str) -> AsyncIterator[Document]:
    """Yield the events about a payer's patients that the patients' own apps caused, from `first` until `after`."""
    conditions = (AnyOf(PAYER, (payer,)), AnyOf("agent-role", (Role.PATIENT,)))
    return pages(documents, Query(EVENT, conditions, (Range(Order.CREATED, first, after),), limit=PAGE))
