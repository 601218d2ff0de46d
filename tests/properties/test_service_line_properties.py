"""Property tests: a request and a billing claim with the same line give the same ServiceLine."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from app.bills.read_claim import read_claim
from app.domain.datatypes import Coding
from app.domain.service_line import ServiceLine
from app.fhir.body import Checked
from app.pas.edition import EDITIONS
from app.pas.requests.read_request import read_request
from tests.support.samples import CPT, NPI, PAS, POS, concept, entry, practitioner, request_bundle

Json = dict[str, Any]

NPIS = ("1777777776", "1987654328", "1444444446")
ROLES = (None, "rendering", "primary", "supervisor", "assist", "71")
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
NUBC = "https://www.nubc.org/CodeSystem/RevenueCodes"
NDC = "http://hl7.org/fhir/sid/ndc"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

codings = st.lists(
    st.sampled_from(
        [
            {"system": CPT, "code": "97110", "display": "Exercise"},
            {"system": NDC, "code": "00093-7146-56"},
            {"system": "urn:local", "code": "PT-1"},
            {"code": "without a system"},
            {"system": ABSENT, "code": "not-applicable"},
        ]
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda coding: coding["code"],
)
quantities = st.fixed_dictionaries(
    {"value": st.integers(1, 99)}, optional={"unit": st.sampled_from(["Unit", "visit(s)"]), "code": st.just("1")}
)
below = {
    "modifier": st.lists(st.sampled_from(["26", "TC", "GP"]).map(lambda code: concept(HCPCS, code)), max_size=2),
    "revenue": st.just(concept(NUBC, "0420")),
    "quantity": quantities,
    "unitPrice": st.integers(0, 500).map(lambda value: {"value": value, "currency": "USD"}),
}
services = {"productOrService": codings.map(lambda listed: {"coding": listed})}
ANOTHER = {"coding": [{"system": CPT, "code": "97140"}]}
details = st.lists(
    st.fixed_dictionaries({"productOrService": st.just(ANOTHER)}, optional=below), min_size=1, max_size=2
)
items = st.fixed_dictionaries(
    services,
    optional={
        **below,
        "detail": details,
        "careTeamSequence": st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True),
        "diagnosisSequence": st.just([1]),
        "locationCodeableConcept": st.sampled_from(["11", "22"]).map(lambda code: concept(POS, code)),
        "servicedPeriod": st.just({"start": "2026-12-01"}),
    },
)
roles = st.lists(st.sampled_from(ROLES), min_size=3, max_size=3)


def numbered(item: Json) -> Json:
    """Give an item and its details their sequences, and a date if the item has none."""
    below_item = [{"sequence": place, **detail} for place, detail in enumerate(item.get("detail", ()), start=1)]
    dated = item if "servicedPeriod" in item else {**item, "servicedDate": "2026-12-02"}
    group = {name: value for name, value in dated.items() if name != "unitPrice"} | {"detail": below_item}
    return {**(group if below_item else dated), "sequence": 1}


def request_lines(item: Json, team: list[Json]) -> list[ServiceLine]:
    people = [entry(f"Practitioner/p{place}", {**practitioner(), "identifier": [_npi(place)]}) for place in range(3)]
    referring = [{**one, "provider": {"reference": f"Practitioner/p{place}"}} for place, one in enumerate(team)]
    body = request_bundle(items=[item], entries=people, claim={"careTeam": referring})
    return [_facts(line) for line in read_request(Checked(body), EDITIONS["2.2.1"]).request.items]


def billed_lines(item: Json, team: list[Json]) -> list[ServiceLine]:
    naming = [{**one, "provider": {"identifier": _npi(place)}} for place, one in enumerate(team)]
    body = request_bundle(items=[item], claim={"use": "claim", "careTeam": naming})
    return [_facts(line) for line in read_claim(Checked(body)).billing_claim.lines]


def _npi(place: int) -> Json:
    return {"system": NPI, "value": NPIS[place]}


def _facts(line: ServiceLine) -> ServiceLine:
    return msgspec.convert(msgspec.structs.asdict(line), ServiceLine, from_attributes=True)


def _team(roles: list[str | None]) -> list[Json]:
    listed = ({"sequence": place, "role": role} for place, role in enumerate(roles, start=1))
    return [
        {"sequence": one["sequence"], **({"role": concept("urn:role", str(one["role"]))} if one["role"] else {})}
        for one in listed
    ]


def _is_service(line: ServiceLine) -> bool:
    return bool(line.services or line.revenue)


@given(item=items.map(numbered), roles=roles)
def test_a_request_and_a_bill_with_the_same_line_have_the_same_facts(item: Json, roles: list[str | None]) -> None:
    requested = request_lines(item, _team(roles))
    assume(all(map(_is_service, requested)))
    leaves = requested if "detail" not in item else [line for line in requested if line.detail]
    assert billed_lines(item, _team(roles)) == leaves


@given(item=items.map(numbered), roles=roles, data=st.data())
def test_the_order_of_codings_changes_no_fact(item: Json, roles: list[str | None], data: st.DataObject) -> None:
    listed = item["productOrService"]["coding"]
    shuffled = {**item, "productOrService": {"coding": data.draw(st.permutations(listed))}}
    (first, *_), (second, *_) = request_lines(item, _team(roles)), request_lines(shuffled, _team(roles))
    assert set(first.services) == set(second.services)
    assert msgspec.structs.replace(first, services=()) == msgspec.structs.replace(second, services=())


ends = st.permutations(
    [{"system": "urn:local", "code": "97116"}, {"system": HCPCS, "code": "97140"}, {"system": NDC, "code": "1"}]
)


@given(listed=ends)
def test_the_order_of_codings_does_not_change_the_end_of_a_range(listed: list[Json]) -> None:
    end = {"url": f"{PAS}extension-productOrServiceCodeEnd", "valueCodeableConcept": {"coding": listed}}
    [line] = billed_lines(numbered({"productOrService": concept(CPT, "97110"), "extension": [end]}), [])
    assert line.service_end == Coding(HCPCS, "97140")
