"""Each element of an inquiry narrows the answer; of the diagnoses, one is enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.inquiries.asking import ICD_10, Json, criteria, found
from tests.api.reading import answered
from tests.support.samples import CPT, POS, concept, extension, request_bundle, x12
from tests.support.server import Server, serving

_END = "extension-productOrServiceCodeEnd"
_ISSUED = "extension-itemCertificationIssueDate"
_EXPIRES = "extension-itemCertificationExpirationDate"
_EFFECTIVE = "extension-itemCertificationEffectiveDate"
_REVIEW_ACTION = "extension-reviewActionCode"

CRITERIA: dict[str, tuple[Json, set[str]]] = {
    "the service": (criteria(service=concept(CPT, "97110")), {"therapy"}),
    "another service": (criteria(service=concept(CPT, "99213")), set()),
    "a range of services": (
        criteria(extension(_END, valueCodeableConcept=concept(CPT, "97140")), service=concept(CPT, "97010")),
        {"therapy"},
    ),
    "a range beside it": (
        criteria(extension(_END, valueCodeableConcept=concept(CPT, "97109")), service=concept(CPT, "97010")),
        set(),
    ),
    "the type of service": (criteria(category=x12("1365", "4")), {"mri"}),
    "a day of service": (criteria(servicedDate="2027-02-01"), {"therapy"}),
    "days that both are in": (
        criteria(servicedPeriod={"start": "2027-01-15", "end": "2027-01-16"}),
        {"therapy", "mri"},
    ),
    "days after both": (criteria(servicedPeriod={"start": "2027-03-01"}), set()),
    "what was certified": (criteria(extension(_REVIEW_ACTION, valueCodeableConcept=x12("306", "A1"))), {"therapy"}),
    "what is pended": (criteria(extension(_REVIEW_ACTION, valueCodeableConcept=x12("306", "A4"))), {"mri"}),
    "the day of issue": (criteria(extension(_ISSUED, valueDate="2026-01-01")), {"therapy", "mri"}),
    "another day of issue": (criteria(extension(_ISSUED, valueDate="2026-01-02")), set()),
    "what begins in a period": (
        criteria(extension(_EFFECTIVE, valuePeriod={"start": "2026-11-30", "end": "2026-12-02"})),
        {"therapy"},
    ),
    "the day of expiry": (criteria(extension(_EXPIRES, valueDate="2027-02-28")), {"therapy"}),
    "the kind of request": (
        criteria(extension("extension-serviceItemRequestType", valueCodeableConcept=x12("1525", "AR"))),
        set(),
    ),
    "a modifier": (criteria(modifier=[concept(CPT, "26")]), {"mri"}),
    "a modifier beside it": (criteria(modifier=[concept(CPT, "26"), concept(CPT, "59")]), set()),
    "the place": (criteria(locationCodeableConcept=concept(POS, "11")), {"therapy"}),
    "another place": (criteria(locationCodeableConcept=concept(POS, "12")), set()),
    "the units": (criteria(quantity={"value": 12, "unit": "units"}), {"therapy"}),
    "other units": (criteria(quantity={"value": 13, "unit": "units"}), set()),
    "the certification type": (
        criteria(extension("extension-certificationType", valueCodeableConcept=x12("1322", "I"))),
        {"therapy", "mri"},
    ),
}


@pytest.mark.parametrize("name", CRITERIA)
async def test_each_element_of_an_item_narrows_the_answer(server: Server, therapy: str, mri: Json, name: str) -> None:
    item, wanted = CRITERIA[name]
    ids = {"therapy": therapy, "mri": mri["id"]}
    assert await found(server, items=[item]) == {ids[one] for one in wanted}


async def test_one_matching_diagnosis_of_several_is_enough(server: Server, therapy: str, mri: Json) -> None:
    def diagnosed(*codes: str) -> Json:
        listed = [
            {"sequence": number, "diagnosisCodeableConcept": concept(ICD_10, code)}
            for number, code in enumerate(codes, 1)
        ]
        return {"diagnosis": listed}

    assert await found(server, claim=diagnosed("M54.50")) == {therapy}
    assert await found(server, claim=diagnosed("M5450", "G35")) == {therapy, mri["id"]}
    assert await found(server, claim=diagnosed("J20.9")) == set()


async def test_the_period_of_the_claim_narrows_the_answer(server: Server, therapy: str, mri: Json) -> None:
    assert await found(server, claim={"billablePeriod": {"start": "2027-02-01"}}) == {therapy}
    assert await found(server, claim={"billablePeriod": {"end": "2027-01-31"}}) == {therapy, mri["id"]}


@pytest.mark.usefixtures("therapy")
async def test_the_header_of_the_claim_narrows_the_answer(server: Server) -> None:
    urgent = extension("extension-levelOfServiceCode", valueCodeableConcept=x12("1338", "U"))
    stay = [about("admissionDates", timingDate="2026-12-01"), about("dischargeDates", timingDate="2026-12-09")]
    request = request_bundle(identifier="stay", claim={"extension": [urgent], "supportingInfo": stay})
    own = answered(await server.post("/Claim/$submit", request))["id"]

    async def narrowed(*extensions: Json, about: list[Json] | None = None) -> bool:
        asked = {"extension": list(extensions), "supportingInfo": about or []}
        found_ids = await found(server, claim={name: value for name, value in asked.items() if value})
        assert found_ids <= {own}
        return own in found_ids

    routine = extension("extension-levelOfServiceCode", valueCodeableConcept=x12("1338", "E"))
    assert (await narrowed(urgent), await narrowed(routine)) == (True, False)
    assert (await narrowed(about=stay), await narrowed(about=[about("dischargeDates", timingDate="2026-12-08")])) == (
        True,
        False,
    )
    initial = extension("extension-certificationType", valueCodeableConcept=x12("1322", "I"))
    renewal = extension("extension-certificationType", valueCodeableConcept=x12("1322", "R"))
    assert len(await found(server, claim={"extension": [initial]})) == 2
    assert await found(server, claim={"extension": [renewal]}) == set()


def about(category: str, **elements: Any) -> Json:
    kind = concept("http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes", category)
    return {"sequence": 1 if category == "admissionDates" else 2, "category": kind, **elements}


async def test_a_test_bed_may_ignore_all_criteria(tmp_path: Path) -> None:
    async with serving(tmp_path, inquiry_criteria=False) as server:
        own = answered(await server.post("/Claim/$submit", request_bundle()))["id"]
        unknown = extension("extension-authorizationNumber", valueString="PA-404")
        other = criteria(service=concept(CPT, "99213"), servicedDate="2020-02-01")
        assert await found(server, items=[other], claim={"extension": [unknown]}) == {own}
        assert await found(server, member="M002") == set()
        assert await found(server, requestor="8189991234") == set()
        assert await found(server, payer="1666666668") == set()
