"""The items of an answer repeat the statements of the request, in `$submit`, in `$inquire` and in the stored answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import Json, action, answered, extensions, resources, returned
from tests.api.reviewing import decide, ruling
from tests.api.updating import THERAPY, previous_numbers, sent, submitted, units, update_of
from tests.support import samples
from tests.support.samples import CLIENT, CPT, concept, entry, inquiry_bundle, request_bundle, request_item, x12
from tests.support.server import Server

TEMP = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm"
NUBC = "https://www.nubc.org/CodeSystem/RevenueCodes"
ORDER = f"{CLIENT}/ServiceRequest/order-1"

STATEMENTS: dict[str, Any] = {
    "extension-epsdtIndicator": {"valueBoolean": True},
    "extension-nursingHomeResidentialStatus": {"valueCodeableConcept": concept("urn:residence", "2")},
    "extension-nursingHomeLevelOfCare": {"valueCodeableConcept": x12("1337", "1")},
    "extension-revenueUnitRateLimit": {"valueDecimal": 120.50},
    "extension-requestedService": {"valueReference": {"reference": ORDER}},
}
STAY = [
    {"sequence": 1, "category": concept(TEMP, "admissionDates"), "timingDate": "2026-12-01"},
    {"sequence": 2, "category": concept(TEMP, "dischargeDates"), "timingDate": "2026-12-05"},
]


def therapy(*, quantity: int = 30, **changes: Any) -> Json:
    """Build an item with the statements, for more units than the policy certifies."""
    item = request_item(quantity=quantity, unitPrice={"value": 40, "currency": "USD"}, **changes)
    said = [samples.extension(name, **value) for name, value in STATEMENTS.items()]
    trace = samples.extension("extension-itemTraceNumber", valueIdentifier={"system": "urn:t", "value": "T1"})
    return {**item, "extension": [*item["extension"], *said, trace]}


def asked(item: Json, **changes: Any) -> Json:
    """Build a request with an order, a stay and an X12 role of the care team."""
    order = {
        "resourceType": "ServiceRequest",
        "meta": {"profile": [f"{samples.PAS}profile-servicerequest"]},
        "status": "active",
        "intent": "order",
        "code": concept(CPT, "97110"),
        "subject": {"reference": "Patient/patient-1"},
    }
    team = {**samples.request_claim("", [])["careTeam"][0], "role": x12("98", "SJ")}
    claim = {"supportingInfo": STAY, "careTeam": [team]}
    return request_bundle(items=[item], entries=[entry("ServiceRequest/order-1", order)], claim=claim, **changes)


def value(element: Json, name: str) -> Any:
    """Return the value of a PAS extension."""
    [found] = extensions(element, name)
    [written] = [found[part] for part in found if part.startswith("value")]
    return written


async def inquired(server: Server) -> Json:
    [found] = returned(await server.post("/Claim/$inquire", inquiry_bundle()))
    return found


async def stored(server: Server, id_: str) -> Json:
    resource: Json = (await server.get(f"/ClaimResponse/{id_}")).json()
    return resource


async def test_an_added_item_has_every_statement_of_its_item(server: Server) -> None:
    answer = await submitted(server, asked(therapy()))
    for claim_response in (answer, await inquired(server), await stored(server, answer["id"])):
        [added] = claim_response["addItem"]
        assert action(added) == "A6"
        for name in ("epsdtIndicator", "nursingHomeResidentialStatus", "nursingHomeLevelOfCare"):
            [written] = STATEMENTS[f"extension-{name}"].values()
            assert value(added, f"extension-{name}") == written
        assert value(added, "extension-revenueUnitRateLimit") == 120.5
        assert value(added, "extension-serviceItemRequestType") == x12("1525", "HS")
        assert value(added, "extension-certificationType") == x12("1322", "I")
        assert value(added, "extension-itemTraceNumber")["value"] == "T1"
        assert value(added, "extension-admissionDates") == "2026-12-01"
        assert value(added, "extension-dischargeDate") == "2026-12-05"
        assert value(added["provider"][0], "extension-authorizedProviderType") == x12("98", "SJ")


async def test_an_added_item_refers_to_the_order_of_the_reader(server: Server) -> None:
    response = await server.post("/Claim/$submit", asked(therapy()))
    answer = answered(response)
    assert value(answer["addItem"][0], "extension-requestedService") == {"reference": ORDER}
    assert "ServiceRequest" in {one["resourceType"] for one in resources(response.json())}
    by_name = {"type": "ServiceRequest", "identifier": {"system": "urn:ietf:rfc:3986", "value": ORDER}}
    for claim_response in (await inquired(server), await stored(server, answer["id"])):
        assert value(claim_response["addItem"][0], "extension-requestedService") == by_name


async def test_an_added_item_has_the_revenue_code_and_the_end_of_the_range(server: Server) -> None:
    item = therapy(revenue=concept(NUBC, "0420"))
    item["extension"].append(
        samples.extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, "97112"))
    )
    answer = await submitted(server, asked(item))
    for claim_response in (answer, await inquired(server)):
        [added] = claim_response["addItem"]
        assert value(added, "extension-revenueCode")["coding"][0]["code"] == "0420"
        assert value(added, "extension-productOrServiceCodeEnd") == concept(CPT, "97112")


async def test_an_item_keeps_its_case_reference_after_the_decision(server: Server) -> None:
    pended = await submitted(server, asked(therapy(code="72148", quantity=2)))
    name = "extension-administrationReferenceNumber"
    number = value(pended["item"][0], name)
    decided = await decide(server, pended["id"], ruling(1, "partly-certify", quantity=1, end="2027-01-31"))
    for claim_response in (decided.json(), await inquired(server)):
        assert value(claim_response["item"][0], name) == number
        assert value(claim_response["addItem"][0], name) == number


async def test_an_item_has_the_days_of_the_stay(server: Server) -> None:
    answer = await submitted(server, asked(therapy(quantity=12)))
    for claim_response in (answer, await inquired(server)):
        [item] = claim_response["item"]
        assert value(item, "extension-admissionDates") == "2026-12-01"
        assert value(item, "extension-dischargeDate") == "2026-12-05"


async def test_an_admission_over_several_days_is_a_period(server: Server) -> None:
    days = {"start": "2026-12-01", "end": "2026-12-05"}
    admitted = {"sequence": 1, "category": concept(TEMP, "admissionDates"), "timingPeriod": days}
    [item] = (await submitted(server, request_bundle(claim={"supportingInfo": [admitted]})))["item"]
    assert value(item, "extension-admissionDates") == days
    assert extensions(item, "extension-dischargeDate") == []


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_an_item_names_the_diagnosis_of_its_decision(server: Server, base: str) -> None:
    answer = answered(await server.post("/Claim/$submit", request_bundle(), base=base))
    sent_code = request_bundle()["entry"][0]["resource"]["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0][
        "code"
    ]
    for claim_response in (answer, await inquired(server)):
        coding = value(claim_response["item"][0], "extension-communicatedDiagnosis")["coding"][0]
        assert (coding["system"], coding["code"]) == (ICD_10, sent_code)


async def test_an_updated_item_names_its_previous_authorization_number(server: Server) -> None:
    request = sent([THERAPY])
    before = await submitted(server, request)
    after = await submitted(server, update_of(request, [units(THERAPY, 10)]))
    assert after["preAuthRef"] != before["preAuthRef"]
    for claim_response in (after, await inquired(server)):
        assert previous_numbers(claim_response) == {1: before["preAuthRef"]}


async def test_the_former_edition_has_no_places_for_a_stay_or_an_added_item(server: Server) -> None:
    response = await server.post("/Claim/$submit", asked(therapy()), base="/2.0.1/fhir")
    answer = answered(response)
    assert "addItem" not in answer
    assert extensions(answer["item"][0], "extension-admissionDates") == []
