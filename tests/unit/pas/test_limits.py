"""How much one Claim may hold: beyond it the answer is a refusal that says the bound, and no work is done first."""

from __future__ import annotations

from typing import Any

import pytest

from app.bills.read_claim import read_claim, server_references
from app.fhir.body import Checked
from app.fhir.outcome import FhirError
from app.pas.edition import EDITIONS
from app.pas.parts.limits import (
    MOST_CARE_TEAM,
    MOST_DIAGNOSES,
    MOST_IDENTIFIERS,
    MOST_INSURANCES,
    MOST_ITEMS,
    MOST_NAMED,
    MOST_NUMBERS,
)
from app.pas.requests.read_request import read_request
from tests.support.samples import (
    CLIENT,
    billed_line,
    billing_claim,
    diagnosis,
    entry,
    extension,
    organization,
    request_bundle,
    request_item,
)

CLAIM = "Bundle.entry[0].resource"
CURRENT = EDITIONS["2.2.1"]


def refused(body: dict[str, Any]) -> list[tuple[str | None, str]]:
    with pytest.raises(FhirError) as caught:
        read_claim(Checked(body)) if body["resourceType"] == "Claim" else read_request(Checked(body), CURRENT)
    assert caught.value.status == 422
    return [(issue.expression, issue.text) for issue in caught.value.issues if issue.severity == "error"]


def many(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"sequence": place + 1, **fields} for place in range(count)]


def lines(count: int) -> list[dict[str, Any]]:
    return [{**billed_line(), "sequence": place + 1} for place in range(count)]


def items(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{**request_item(place + 1), **fields} for place in range(count)]


def team(count: int) -> list[dict[str, Any]]:
    return many(count, provider={"display": "somebody"})


def insurances(count: int) -> list[dict[str, Any]]:
    others = many(count - 1, focal=False, coverage={"display": "x"}, claimResponse={"reference": "ClaimResponse/1"})
    return [{**billing_claim()["insurance"][0], "sequence": count}, *others]


def numbered(count: int) -> list[dict[str, Any]]:
    return [{**many(1, focal=True)[0], "coverage": {"display": "x"}, "preAuthRef": [f"N{n}" for n in range(count)]}]


def test_the_answers_of_no_more_than_the_limit_of_payers_are_read_from_the_server() -> None:
    different = [{**one, "claimResponse": {"reference": f"ClaimResponse/{n}"}} for n, one in enumerate(insurances(500))]
    read = server_references(Checked(billing_claim(insurance=different)))
    assert sum(reference.startswith("ClaimResponse/") for reference in read) <= MOST_INSURANCES


def test_values_up_to_the_limit_are_read() -> None:
    bill = read_claim(Checked(billing_claim(lines=lines(MOST_ITEMS), careTeam=team(MOST_CARE_TEAM)))).billing_claim
    assert len(bill.lines) == MOST_ITEMS
    asked = read_request(Checked(request_bundle(items=items(MOST_ITEMS))), CURRENT).request
    assert len(asked.items) == MOST_ITEMS


@pytest.mark.parametrize(
    ("name", "elements", "most"),
    [
        ("item", lines(MOST_ITEMS + 1), "999"),
        ("careTeam", team(MOST_CARE_TEAM + 1), "200"),
        ("diagnosis", [{**diagnosis(), "sequence": n + 1} for n in range(MOST_DIAGNOSES + 1)], "200"),
        ("insurance", insurances(MOST_INSURANCES + 1), "20"),
    ],
)
def test_one_value_above_the_limit_is_refused_with_the_limit(
    name: str, elements: list[dict[str, Any]], most: str
) -> None:
    assert (f"Claim.{name}", f"`{name}` must not have more than {most} values.") in refused(
        billing_claim() | {name: elements}
    )
    asked = [{**request_item(), **one} for one in elements] if name == "item" else elements
    assert (f"{CLAIM}.{name}", f"`{name}` must not have more than {most} values.") in refused(
        request_bundle(claim={name: asked})
    )


def test_a_billing_claim_has_a_limit_of_authorization_numbers() -> None:
    insurance = billing_claim()["insurance"][0]
    numbers = [f"N{place}" for place in range(MOST_NUMBERS)]
    billed = billing_claim(insurance=[{**insurance, "preAuthRef": numbers}])
    assert len(read_claim(Checked(billed)).billing_claim.numbers) == MOST_NUMBERS
    own = billed_line(extension=[extension("extension-authorizationNumber", valueString="ANOTHER")])
    more = billed | {"item": [billed_line(), {**own, "sequence": 2}]}
    assert refused(more) == [("Claim", "A Claim must not carry more than 200 different authorization numbers.")]


def test_too_many_performers_of_all_items_are_one_issue() -> None:
    """A care team of the whole Claim counts for every item; the answer repeats it, and must stay bounded."""
    count = MOST_NAMED // MOST_ITEMS + 1
    people = [
        entry(f"Organization/o{place}", organization("profile-requestor", npi, "prov", "x"))
        for place, npi in enumerate(NPIS[:count])
    ]
    claim_team = many(count)
    for place, one in enumerate(claim_team):
        one["provider"] = {"reference": f"{CLIENT}/Organization/o{place}"}
    asked = items(MOST_ITEMS, careTeamSequence=[one["sequence"] for one in claim_team], diagnosisSequence=[1] * 50)
    body = request_bundle(items=asked, entries=people, claim={"careTeam": claim_team})
    text = "`item` must not lead to more than 20,000 performers and codes in total."
    assert refused(body) == [(f"{CLAIM}.item", text)]


def _npi(place: int) -> str:
    payload = f"1{place:08d}"
    digits = [int(digit) for digit in f"80840{payload}"]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::-2])
    return f"{payload}{-(doubled + sum(digits[-2::-2])) % 10}"


NPIS = [_npi(place) for place in range(30)]


def codes(count: int) -> dict[str, Any]:
    return {"coding": [{"system": "urn:c", "code": str(place)} for place in range(count)]}


def test_many_diagnoses_of_one_condition_are_refused() -> None:
    claim = billing_claim()
    condition = {"resourceType": "Condition", "id": "c", "code": codes(MOST_NAMED // 10), "subject": claim["patient"]}
    diagnoses = many(11, diagnosisReference={"reference": "#c"})
    (issue,) = refused(billing_claim(contained=[condition], diagnosis=diagnoses))
    assert issue == ("Claim.diagnosis", "`diagnosis` must not lead to more than 20,000 performers and codes in total.")


def test_many_lines_of_one_diagnosis_are_refused() -> None:
    diagnoses = many(1, diagnosisCodeableConcept=codes(MOST_NAMED // 10))
    billed = [{**line, "diagnosisSequence": [1, 1, 1]} for line in lines(11)]
    assert read_claim(Checked(billing_claim(diagnosis=diagnoses, lines=billed[:10])))
    (issue,) = refused(billing_claim(diagnosis=diagnoses, lines=billed))
    assert issue == ("Claim.item", "`item` must not lead to more than 20,000 performers and codes in total.")


def test_many_items_of_one_order_are_refused() -> None:
    order = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "subject": {"reference": "Patient/patient-1"},
        "code": codes(MOST_NAMED // 10),
    }
    requested = extension("extension-requestedService", valueReference={"reference": "ServiceRequest/o"})
    asked = request_bundle(items=items(10, extension=[requested]), entries=[entry("ServiceRequest/o", order)])
    assert [place for place, _ in refused(asked)] == [f"{CLAIM}.item"]


def test_a_provider_with_many_identifiers_is_refused() -> None:
    identifiers = [{"system": "urn:i", "value": str(place)} for place in range(MOST_IDENTIFIERS + 1)]
    clinic = {"resourceType": "Organization", "id": "c", "identifier": identifiers}
    (issue,) = refused(billing_claim(contained=[clinic], provider={"reference": "#c"}))
    assert issue == ("Claim.contained[0].identifier", "`identifier` must not have more than 200 values.")
