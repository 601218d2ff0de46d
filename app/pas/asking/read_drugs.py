"""Read the drugs that the patient has had before: attached prescriptions that are completed or stopped."""

from __future__ import annotations

from app.domain.datatypes import Coding
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.pas.parts.read_types import distinct, possible_codings
from app.pas.parts.same_patient import other_patient

_TAKEN = frozenset({"completed", "stopped"})
_ORDERED = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})


def read_drugs(entries: Entries, claim: ResourceElement, attached: list[Element]) -> tuple[Coding, ...]:
    """Return the codes of the drugs. A plan, a proposal or a prescription that is under way is no earlier drug."""
    drugs: list[Coding] = []
    for information in attached:
        reference = information.one("valueReference")
        url = None if reference is None else reference.text("reference")
        prescription = None if url is None else entries.resolve(url, claim)
        if prescription is not None and was_taken(entries, claim, prescription):
            drugs += possible_codings(prescription.resource, "medicationCodeableConcept", "warning")
    return distinct(drugs)


def was_taken(entries: Entries, claim: ResourceElement, document: ResourceElement) -> bool:
    """Return whether a document is a prescription for the patient of the Claim that is completed or stopped."""
    if document.type != "MedicationRequest":
        return False
    prescription = document.resource
    ended = prescription.text("status") in _TAKEN and prescription.text("intent") in _ORDERED
    return ended and not prescription.flag("doNotPerform") and other_patient(entries, claim, document) is None
