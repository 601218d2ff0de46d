"""Find the patient that a client gets in context: the user's own record, or one that the user may see."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from app.access.grant import Grant, InvalidToken, Role
from app.access.reach import PAYER, reach_of
from app.access.registry import Client, User
from app.access.verifier import Verified
from app.fhir.outcome import FhirError
from app.records.members import find_member
from app.records.resources import read
from app.search.granular import narrowed
from app.workflow.registry.grants import grant_of
from app.workflow.system import System

NO_RECORD = "Your account has no member record here yet."
NOT_SEEN = "No member with this id is on record for you. Check the id and the health plan."


class PatientUnknown(Exception):  # noqa: N818 - an answer to the user
    """The user sees no such patient. The text is the same whether the patient exists or not."""


class ChosenPatient(Struct, frozen=True):
    """A patient as a consent page shows it. `payers` are those whose auditors see that it was shown."""

    id: str
    name: str
    member: str
    payers: tuple[str, ...] = ()


async def rights_of(system: System, client: Client, user: User, patient: str | None = None) -> Grant | None:
    """Return the rights that the user would have in this client, with a `patient` in context.

    Returns None if their roles differ, one has no subject, or a patient's user stands for another patient.
    """
    verified = Verified(issuer=system.root, client=client.id, subject=user.id, scopes=frozenset(), patient=patient)
    try:
        return await grant_of(system.documents, system.identity.registry, verified, system.clock.now())
    except InvalidToken:
        return None


async def own_patient(system: System, grant: Grant) -> ChosenPatient:
    """Return the record of a user who is a patient. Raises PatientUnknown."""
    if grant.role is not Role.PATIENT or grant.patient is None:
        raise PatientUnknown(NO_RECORD)
    return await seen_patient(system, grant, grant.patient)


async def seen_patient(system: System, grant: Grant, patient: str) -> ChosenPatient:
    """Return a patient by id, if the user may see it, also by the conditions of scopes. Raises PatientUnknown."""
    try:
        document = await read(system.documents, narrowed(reach_of(grant), grant), "Patient", patient)
    except FhirError as unseen:
        raise PatientUnknown(NO_RECORD if grant.role is Role.PATIENT else NOT_SEEN) from unseen
    shown = msgspec.json.decode(document.body, type=_Patient)
    payers = tuple(value for name, value in document.terms if name == PAYER)
    return ChosenPatient(patient, _name(shown), _member_id(shown), payers)


async def patient_of_member(system: System, grant: Grant, payer: str, member_id: str) -> ChosenPatient:
    """Return the patient with this member id, if the user may see it. Raises PatientUnknown."""
    stored = await find_member(system.documents, payer, member_id.strip())
    # An unknown member costs a read, too: the time must not tell whether it exists.
    return await seen_patient(system, grant, "unknown" if stored is None else stored.record.patient)


class _HumanName(Struct, frozen=True):
    text: str = ""
    family: str = ""
    given: tuple[str, ...] = ()


class _Coding(Struct, frozen=True):
    code: str = ""


class _Concept(Struct, frozen=True):
    coding: tuple[_Coding, ...] = ()


class _Identifier(Struct, frozen=True):
    value: str = ""
    type: _Concept = _Concept()


class _Patient(Struct, frozen=True):
    name: tuple[_HumanName, ...] = ()
    identifier: tuple[_Identifier, ...] = ()


def _name(patient: _Patient) -> str:
    if not patient.name:
        return ""
    first = patient.name[0]
    return first.text or " ".join((*first.given, first.family)).strip()


def _member_id(patient: _Patient) -> str:
    numbers = [row.value for row in patient.identifier if any(coding.code == "MB" for coding in row.type.coding)]
    return numbers[0] if numbers else ""
