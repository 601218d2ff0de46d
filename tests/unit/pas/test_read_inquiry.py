"""What is read out of an inquiry Bundle."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.datatypes import Coding, Identifier, Period
from app.domain.inquiry.criteria import ItemCriteria
from app.fhir.body import Checked
from app.fhir.outcome import Fault, FhirError
from app.pas.read_inquiry import SubmittedInquiry, read_inquiry
from tests.support.answers import CURRENT
from tests.support.samples import (
    CPT,
    POS,
    RENDERING,
    REQUESTOR,
    concept,
    extension,
    inquiry_bundle,
    request_bundle,
    request_item,
    x12,
)


def inquired(**changes: Any) -> SubmittedInquiry:
    return read_inquiry(Checked(inquiry_bundle(**changes)), CURRENT)


def test_an_inquiry_may_have_only_its_parties() -> None:
    read = inquired()
    asked = read.inquiry
    assert (asked.member.member_id, asked.insurer.npi, asked.requestor.npi) == ("M001", "1234567893", REQUESTOR)
    assert (asked.npis, asked.items, asked.diagnoses, asked.serviced) == ((REQUESTOR,), (), (), None)
    assert read.warnings == ()


def test_the_claim_gives_criteria() -> None:
    team = request_bundle()["entry"][0]["resource"]["careTeam"]
    diagnoses = [
        {"sequence": number, "diagnosisCodeableConcept": concept("urn:d", code)}
        for number, code in ((1, "A"), (2, "B"))
    ]
    numbers = [
        extension("extension-authorizationNumber", valueString="PA260000013"),
        extension("extension-administrationReferenceNumber", valueString="PA260000021"),
    ]
    period = {"start": "2026-12-01", "end": "2026-12-31"}
    claim = {"careTeam": team, "diagnosis": diagnoses, "extension": numbers, "billablePeriod": period}
    asked = inquired(claim=claim).inquiry
    assert asked.npis == (REQUESTOR, RENDERING)
    assert [one.code for one in asked.diagnoses] == ["A", "B"]
    assert (asked.number, asked.administration_number) == ("PA260000013", "PA260000021")
    assert asked.serviced == Period(date(2026, 12, 1), date(2026, 12, 31))


def test_an_item_gives_criteria() -> None:
    item = request_item(period=None, servicedDate="2026-12-15")
    item["extension"] += [
        extension("extension-reviewActionCode", valueCodeableConcept=x12("306", "A1")),
        extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, "97140")),
        extension("extension-itemTraceNumber", valueIdentifier={"system": "urn:trace", "value": "T1"}),
        extension("extension-authorizationNumber", valueString="PA260000013"),
        extension("extension-administrationReferenceNumber", valueString="PA260000021"),
        extension("extension-itemCertificationIssueDate", valueDate="2026-11-20"),
        extension("extension-itemCertificationEffectiveDate", valuePeriod={"start": "2026-12-01"}),
        extension("extension-itemCertificationExpirationDate", valueDate="2027-02"),
    ]
    (criteria,) = inquired(items=[item]).inquiry.items
    assert criteria == ItemCriteria(
        services=(Coding(CPT, "97110"),),
        service_end=Coding(CPT, "97140"),
        service_types=(Coding("https://codesystem.x12.org/005010/1365", "PT"),),
        serviced=Period(date(2026, 12, 15), date(2026, 12, 15)),
        place=Coding(POS, "11"),
        quantity=Decimal(12),
        trace_numbers=(Identifier("urn:trace", "T1"),),
        request_type="HS",
        certification_type="I",
        review_action="A1",
        number="PA260000013",
        administration_number="PA260000021",
        issued=Period(date(2026, 11, 20), date(2026, 11, 20)),
        effective=Period(date(2026, 12, 1)),
        expires=Period(date(2027, 2, 1), date(2027, 2, 28)),
    )


def test_a_service_of_not_applicable_is_not_a_criterion() -> None:
    absent = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")
    (criteria,) = inquired(items=[request_item(productOrService=absent)]).inquiry.items
    assert criteria.services == ()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"claim": {"patient": None}}, "Bundle.entry[0].resource.patient"),
        ({"claim": {"insurer": None}}, "Bundle.entry[0].resource.insurer"),
        ({"claim": {"provider": None}}, "Bundle.entry[0].resource.provider"),
        ({"claim": {"identifier": None}}, "Bundle.entry[0].resource.identifier"),
        ({"requestor": "1234567890"}, "Bundle.entry[1].resource.identifier[0]"),
        ({"items": [request_item(), request_item()]}, "Bundle.entry[0].resource.item[1].sequence"),
    ],
)
def test_an_inquiry_without_a_required_element_is_refused(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(FhirError) as caught:
        inquired(**changes)
    assert caught.value.fault is Fault.UNPROCESSABLE
    assert [issue.expression for issue in caught.value.issues] == [place]
