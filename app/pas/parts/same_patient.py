"""Tell whether a resource is about the patient of the Claim."""

from __future__ import annotations

from app.fhir.bundle import absolute
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.pas.parts.modifier_elements import Doubt, doubt_of
from app.pas.parts.read_types import read_identifier

_PATIENT = {
    "AllergyIntolerance": ("patient",),
    "Immunization": ("patient",),
    "NutritionOrder": ("patient",),
    "QuestionnaireResponse": ("subject", "source"),
}
"""The elements that name the patient, where that is not `subject`; the first that is present counts."""


def doubt_about(entries: Entries, claim: ResourceElement, resource: ResourceElement) -> Doubt | None:
    """Return why a resource does not support the Claim; None if it is valid and about the patient of the Claim."""
    own = doubt_of(resource.type, resource.resource.fields)
    if own is not None and own.certain:
        return own
    other = other_patient(entries, claim, resource)
    return other if own is None or (other is not None and other.certain) else own


def other_patient(entries: Entries, claim: ResourceElement, resource: ResourceElement) -> Doubt | None:
    """Return why a resource is not, or may not be, about the patient of the Claim; None if it is."""
    names = _PATIENT.get(resource.type, ("subject",))
    name = next((name for name in names if name in resource.resource.fields), names[0])
    subject, patient = resource.resource.one(name), claim.resource.one("patient")
    if subject is None or patient is None:
        return Doubt(name, f"`{name}` is missing", certain=False)
    person, patient_entry = _resolved(entries, subject, resource), _resolved(entries, patient, claim)
    if person is not None and patient_entry is not None:
        is_same = person.entry is patient_entry.entry
        return None if is_same else Doubt(name, f"`{name}` is not the patient of the Claim", certain=True)
    if _same_url(subject, resource, patient, claim) or _same_identifier(subject, patient, patient_entry):
        return None
    return Doubt(name, f"`{name}` does not lead to the patient of the Claim", certain=False)


def _resolved(entries: Entries, reference: Element, source: ResourceElement) -> ResourceElement | None:
    url = reference.text("reference")
    return None if url is None else entries.resolve(url, source)


def _same_url(subject: Element, resource: ResourceElement, patient: Element, claim: ResourceElement) -> bool:
    """Compare references to a Patient outside the body, which the Claim of a bill may have."""
    one, other = subject.text("reference"), patient.text("reference")
    if one is None or other is None or one.startswith("#"):
        return False
    return (absolute(one, resource.entry) or one) == (absolute(other, claim.entry) or other)


def _same_identifier(subject: Element, patient: Element, patient_entry: ResourceElement | None) -> bool:
    """Compare the identifier on a reference with those of the patient."""
    own = subject.one("identifier")
    number = None if own is None or "reference" in subject.fields else read_identifier(own)
    on_reference = patient.one("identifier")
    elements = [on_reference] if on_reference is not None else []
    if patient_entry is not None:
        elements += patient_entry.resource.many("identifier")
    return number is not None and number in map(read_identifier, elements)
