"""Write the provisional Patient and Coverage of a new member, from the data in the first request."""

from __future__ import annotations

from app.codes import COVERAGE_CLASS, IDENTIFIER_TYPE, MEMBER_NUMBER
from app.domain.covered import CoverageTerms
from app.domain.datatypes import Period
from app.domain.request import Member
from app.pas.parts.write_types import Json, concept, period

_GENDERS = frozenset({"male", "female", "other", "unknown"})


def write_provisional_patient(member: Member, patient_id: str, payer_id: str) -> Json:
    """Write the Patient: member id, and name, birth date and gender if known."""
    written: Json = {
        "resourceType": "Patient",
        "id": patient_id,
        "identifier": [_member_number(member, payer_id)],
        "active": True,
    }
    names: list[Json] = [{"family": family} for family in member.families] or [{}]
    if member.given:
        names[0]["given"] = [member.given]
    if any(names):
        written["name"] = names
    if member.gender in _GENDERS:
        written["gender"] = member.gender
    if member.birth_date is not None:
        written["birthDate"] = member.birth_date.isoformat()
    return written


def write_provisional_coverage(member: Member, coverage_id: str, patient_id: str, payer_id: str) -> Json:
    """Write the Coverage: member id, beneficiary, payer, and the terms as sent."""
    terms = member.coverage or CoverageTerms()
    written: Json = {
        "resourceType": "Coverage",
        "id": coverage_id,
        "identifier": [_member_number(member, payer_id)],
        "status": terms.status,
        "subscriberId": member.member_id,
        "beneficiary": {"reference": f"Patient/{patient_id}"},
        "payor": [{"reference": f"Organization/{payer_id}"}],
    }
    if terms.period != Period():
        written["period"] = period(terms.period)
    if terms.plans:
        plan = concept(COVERAGE_CLASS, "plan")
        written["class"] = [{"type": plan, "value": value} for value in terms.plans]
    if terms.order is not None:
        written["order"] = terms.order
    return written


def _member_number(member: Member, payer_id: str) -> Json:
    """Write the member id as an identifier assigned by the payer."""
    return {
        "type": concept(IDENTIFIER_TYPE, MEMBER_NUMBER),
        "value": member.member_id,
        "assigner": {"reference": f"Organization/{payer_id}"},
    }
