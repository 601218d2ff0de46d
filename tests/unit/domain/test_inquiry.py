"""The authorizations that an inquiry matches."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.datatypes import Coding, Identifier, Period
from app.domain.decision import Granted
from app.domain.inquiry.criteria import Inquiry, ItemCriteria
from app.domain.inquiry.matching import matches
from app.domain.request import Member, Party
from tests.support.answers import (
    ADMINISTRATION_NUMBER,
    CERTIFIED,
    DENIED,
    MODIFIED,
    NUMBER,
    PENDED,
    authorization,
    submitted,
)
from tests.support.samples import CPT, RENDERING, REQUESTOR, extension, request_bundle, request_item

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
STRANGER = "1444444446"


def approved() -> Authorization:
    item = request_item()
    item["extension"].append(extension("extension-itemTraceNumber", valueIdentifier={"system": "urn:t", "value": "T1"}))
    return authorization(submitted(request_bundle(items=[item, request_item(2, "72148", 2)])), CERTIFIED, DENIED)


def inquiry(**criteria: Any) -> Inquiry:
    return Inquiry(**{"member": Member("M001"), "insurer": Party(), "requestor": Party(npi=REQUESTOR), **criteria})


def item(**criteria: Any) -> Inquiry:
    return inquiry(items=(ItemCriteria(**criteria),))


def day(first: str, last: str | None = None) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize(
    "asked",
    [
        inquiry(),
        inquiry(requestor=Party(npi=STRANGER), rendering=(STRANGER, RENDERING)),
        inquiry(requestor=Party(npi=RENDERING)),
        inquiry(requestor=Party(identifiers=(Identifier("http://hl7.org/fhir/sid/us-npi", REQUESTOR),))),
        inquiry(number="pa26-0000 013"),
        inquiry(diagnoses=(Coding("urn:d", "X"), Coding("http://hl7.org/fhir/sid/icd-10-cm", "m5450"))),
        inquiry(serviced=day("2027-02-28", "2027-03-31")),
        item(services=(Coding(CPT, "97110"),)),
        item(services=(Coding(HCPCS, "97110"),)),
        item(services=(Coding(CPT, "97100"),), service_end=Coding(CPT, "97140")),
        item(service_types=(Coding("urn:any", "PT"),)),
        item(trace_numbers=(Identifier("urn:t", "T1"),)),
        item(request_type="HS", certification_type="I"),
        item(review_action="A3", services=(Coding(CPT, "72148"),)),
        item(number=NUMBER),
        item(serviced=day("2026-12-24")),
        item(issued=day("2026-11-20"), effective=day("2026-12-01"), expires=day("2027-02-01", "2027-02-28")),
        inquiry(items=(ItemCriteria(review_action="A1"), ItemCriteria(review_action="A3"))),
    ],
)
def test_an_inquiry_matches_if_all_criteria_match(asked: Inquiry) -> None:
    assert matches(asked, approved())


@pytest.mark.parametrize(
    "asked",
    [
        inquiry(requestor=Party(npi=STRANGER)),
        inquiry(rendering=(STRANGER,)),
        inquiry(requestor=Party(identifiers=(Identifier("urn:x", REQUESTOR),))),
        inquiry(requestor=Party()),
        inquiry(number="PA260000030"),
        inquiry(administration_number=ADMINISTRATION_NUMBER),
        inquiry(diagnoses=(Coding("http://hl7.org/fhir/sid/icd-10-cm", "M54.5"),)),
        inquiry(serviced=day("2027-03-01", "2027-03-31")),
        item(services=(Coding(CPT, "97112"),)),
        item(services=(Coding("urn:other", "97110"),)),
        item(services=(Coding(CPT, "97111"),), service_end=Coding(CPT, "97140")),
        item(services=(Coding(CPT, "971"),), service_end=Coding(CPT, "999")),
        item(services=(Coding(CPT, "9710A"),), service_end=Coding(CPT, "9799Z")),
        item(service_types=(Coding("urn:any", "42"),)),
        item(trace_numbers=(Identifier("urn:t", "T2"),)),
        item(request_type="SC"),
        item(certification_type="3"),
        item(review_action="A4"),
        item(review_action="A3", services=(Coding(CPT, "97110"),)),
        item(number=NUMBER, services=(Coding(CPT, "72148"),)),
        item(serviced=day("2026-11-30")),
        item(issued=day("2026-11-21")),
        item(effective=day("2026-12-02", "2026-12-31")),
        item(expires=day("2027-03-01", "2027-03-31")),
        item(effective=day("2026-12-01"), services=(Coding(CPT, "72148"),)),
        item(expires=day("2027-02-28"), services=(Coding(CPT, "72148"),)),
        inquiry(items=(ItemCriteria(review_action="A1"), ItemCriteria(review_action="A4"))),
    ],
)
def test_an_inquiry_does_not_match_if_one_criterion_fails(asked: Inquiry) -> None:
    assert not matches(asked, approved())


def test_the_identifier_of_the_claim_does_not_narrow_the_inquiry() -> None:
    named = replace(approved(), identifier=Identifier("urn:other", "OTHER"))
    assert matches(inquiry(), named)


def test_a_pended_request_is_found_by_its_administration_number() -> None:
    pended = authorization(submitted(request_bundle()), PENDED)
    assert matches(inquiry(administration_number=ADMINISTRATION_NUMBER), pended)
    assert matches(item(administration_number=ADMINISTRATION_NUMBER.lower()), pended)
    assert not matches(inquiry(number=NUMBER), pended)


def test_an_inquiry_finds_the_code_granted_instead() -> None:
    modified = authorization(submitted(request_bundle()), MODIFIED)
    assert matches(item(services=(Coding(CPT, "97112"),)), modified)
    assert matches(item(services=(Coding(CPT, "97110"),)), modified)


def test_a_request_without_dates_is_found_by_its_granted_period() -> None:
    asked = submitted(request_bundle(items=[request_item(period=None)]))
    granted = replace(CERTIFIED, granted=Granted(day("2026-11-20", "2026-12-31"), Decimal(12)))
    assert matches(inquiry(serviced=day("2026-12-15")), authorization(asked, granted))
    assert not matches(inquiry(serviced=day("2026-12-15")), authorization(asked, DENIED))
    assert matches(inquiry(serviced=Period()), authorization(asked, granted))
