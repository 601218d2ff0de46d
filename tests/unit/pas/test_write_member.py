"""A member's provisional Patient and Coverage."""

from __future__ import annotations

from datetime import date

from fhir.resources.R4B.coverage import Coverage
from fhir.resources.R4B.patient import Patient

from app.domain.covered import CoverageTerms
from app.domain.datatypes import Period
from app.domain.request import Member
from app.pas.write_member import write_provisional_coverage, write_provisional_patient

TERMS = CoverageTerms(period=Period(date(2026, 1, 1), None), plans=("BASIC",), order=2)
MEMBER = Member("M001", ("Sample",), "Alex", date(1984, 5, 17), "female", coverage=TERMS)


def test_the_patient_has_the_data_of_the_request() -> None:
    written = write_provisional_patient(MEMBER, "p1", "sample-payer")
    assert Patient.model_validate(written)
    assert written["id"] == "p1"
    assert written["identifier"][0]["value"] == "M001"
    assert written["identifier"][0]["type"]["coding"][0]["code"] == "MB"
    assert written["name"] == [{"family": "Sample", "given": ["Alex"]}]
    assert (written["birthDate"], written["gender"]) == ("1984-05-17", "female")


def test_the_coverage_is_the_patient_s_and_of_the_payer() -> None:
    written = write_provisional_coverage(MEMBER, "c1", "p1", "sample-payer")
    assert Coverage.model_validate(written)
    assert written["beneficiary"] == {"reference": "Patient/p1"}
    assert written["payor"] == [{"reference": "Organization/sample-payer"}]
    assert written["subscriberId"] == "M001"
    assert written["class"][0]["value"] == "BASIC"
    assert (written["status"], written["period"], written["order"]) == ("active", {"start": "2026-01-01"}, 2)


def test_unknown_data_is_left_out() -> None:
    written = write_provisional_patient(Member("M002", gender="F"), "p2", "sample-payer")
    assert Patient.model_validate(written)
    assert set(written) == {"resourceType", "id", "identifier", "active"}
    assert "class" not in write_provisional_coverage(Member("M002"), "c2", "p2", "sample-payer")
