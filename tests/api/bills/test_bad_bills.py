"""Invalid bills: rejected with all faults and without a trace in the store, or denied with a reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.fhir.json import read
from app.records.kinds import TERM_TABLE
from tests.api.bills.played.rows import Bill
from tests.api.bills.scenario_answer import lines_of
from tests.api.bills.scenario_bodies import bill_of, in_bundle
from tests.api.bills.scenario_play import BILLED, authorize, created, register, serving_payers, typed
from tests.api.bills.scenario_table import table
from tests.api.reading import issues
from tests.api.refusing import everything, refused
from tests.support.samples import NPI, Json, billed_line, billing_claim, request_bundle
from tests.support.server import Server

DOORS = ("/Claim/$submit", "/Claim")
WRONG_CHECK_DIGIT = {"identifier": {"system": NPI, "value": "1987654321"}}
PARTIES = ("patient", "insurer", "provider")

both_doors = pytest.mark.parametrize("door", DOORS)


@both_doors
async def test_a_service_lasts_at_most_ten_years(server: Server, door: str) -> None:
    line = billed_line() | {"servicedPeriod": {"start": "1026-01-01", "end": "2026-01-01"}}
    line.pop("servicedDate")
    found = await refused(server, door, billing_claim(lines=[line]), client="biller")
    assert (found.status, found.places) == (422, ("Claim.item[0].serviced",))


@both_doors
@pytest.mark.parametrize(
    "body", [b"", b'{"resourceType": "Claim",}', b'{"resourceType":"Claim","use":"claim","use":"x"}']
)
async def test_an_unreadable_body_is_a_bad_request(server: Server, door: str, body: bytes) -> None:
    assert (await refused(server, door, body, client="biller")).status == 400


@pytest.mark.parametrize("type_", ["Bundle", "Patient", "ClaimResponse", None])
async def test_only_a_claim_is_created_as_a_claim(server: Server, type_: str | None) -> None:
    found = await refused(server, "/Claim", {**billing_claim(), "resourceType": type_}, client="biller")
    assert (found.status, found.places) == (400, ("resourceType",))


@both_doors
@pytest.mark.parametrize("name", PARTIES)
async def test_a_bill_needs_a_patient_an_insurer_and_a_provider(server: Server, door: str, name: str) -> None:
    gone = {"patient": "Patient", "insurer": "Organization", "provider": "Organization"}[name]
    for changes, place in (
        ({name: None}, name),
        ({name: {"reference": f"{gone}/gone"}}, name),
        ({name: {"reference": "#gone"}}, f"{name}.reference"),
    ):
        found = await refused(server, door, billing_claim(**changes), client="biller")
        assert (found.status, found.places) == (422, (f"Claim.{place}",))


@both_doors
async def test_a_bill_needs_a_coverage(server: Server, door: str) -> None:
    for coverage in ({}, {"coverage": {"reference": "Coverage/gone"}}, {"coverage": {"display": "mine"}}):
        insurance = {"sequence": 1, "focal": True, **coverage}
        found = await refused(server, door, billing_claim(insurance=[insurance]), client="biller")
        assert (found.status, found.places) == (422, ("Claim.insurance[0].coverage",))


@both_doors
async def test_a_bill_has_one_focal_insurance(server: Server, door: str) -> None:
    [insurance] = billing_claim()["insurance"]
    none, two = [insurance | {"focal": False}], [insurance, insurance | {"sequence": 2}]
    for insurances, place in ((none, "insurance[0].focal"), (two, "insurance")):
        found = await refused(server, door, billing_claim(insurance=insurances), client="biller")
        assert (found.status, found.places) == (422, (f"Claim.{place}",))


@both_doors
@pytest.mark.parametrize("use", ["proposal", "", None, 7])
async def test_a_bill_has_the_use_claim(server: Server, door: str, use: Any) -> None:
    found = await refused(server, door, {**billing_claim(), "use": use}, client="biller")
    assert found.status == 422
    assert set(found.places) == {"Claim.use"}


async def test_a_preauthorization_claim_cannot_be_created(server: Server) -> None:
    found = await refused(server, "/Claim", billing_claim(use="preauthorization"), client="biller")
    assert (found.status, found.places) == (422, ("Claim.use",))
    assert "$submit" in found.texts[0]


@both_doors
@pytest.mark.scenario("S-64")
@pytest.mark.parametrize("quantity", [0, -1, -0.5])
async def test_a_billed_quantity_must_be_more_than_zero(server: Server, door: str, quantity: float) -> None:
    found = await refused(server, door, billing_claim(lines=[billed_line(quantity=quantity)]), client="biller")
    assert (found.status, found.places) == (422, ("Claim.item[0].quantity",))


@both_doors
@pytest.mark.parametrize("charged", [-40, Decimal("1e308"), Decimal("1e-300")])
async def test_a_charge_must_be_valid_money(server: Server, door: str, charged: Any) -> None:
    for price in ("net", "unitPrice"):
        lines = [billed_line() | {price: {"value": charged, "currency": "USD"}}]
        found = await refused(server, door, billing_claim(lines=lines), client="biller")
        assert (found.status, found.places) == (422, (f"Claim.item[0].{price}",))


async def test_a_number_beyond_a_float_is_kept_unchanged(server: Server) -> None:
    large = {"url": "https://biller.example.org/large", "valueDecimal": Decimal("9E+308")}
    answered = await created(server, billing_claim(extension=[large]))
    kept = everything(server)["Claim", answered.claim]
    assert read(kept.body.encode())["extension"] == [large]
    assert set(TERM_TABLE.terms(kept)) == set(kept.terms)


@both_doors
async def test_every_claim_line_needs_a_service_date(server: Server, door: str) -> None:
    for day in (None, "soon"):
        lines = [billed_line(), billed_line(2, day=day)]
        found = await refused(server, door, billing_claim(lines=lines), client="biller")
        assert (found.status, found.places) == (422, ("Claim.item[1].serviced",))


@both_doors
@pytest.mark.scenario("S-67")
@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
@pytest.mark.parametrize("place", ["provider", "insurer", "careTeam"])
async def test_a_wrong_check_digit_on_a_bill_is_an_error(server: Server, door: str, base: str, place: str) -> None:
    changed: Json = {place: WRONG_CHECK_DIGIT}
    if place == "careTeam":
        changed = {place: [{"sequence": 1, "provider": WRONG_CHECK_DIGIT}]}
    found = await refused(server, door, billing_claim(**changed), client="biller", base=base)
    assert found.status == 422
    assert [str(one).startswith(f"Claim.{place}") for one in found.places] == [True]


@both_doors
@pytest.mark.parametrize(
    ("changes", "line", "places"),
    [
        (
            {"provider": None, "created": "yesterday"},
            {"productOrService": None},
            {"provider", "created", "item[1].productOrService"},
        ),
        (
            {"patient": {"reference": "Patient/gone"}},
            {},
            {"patient", "item[0].quantity", "item[1].serviced", "item[1].sequence"},
        ),
    ],
    ids=["not R4", "R4"],
)
async def test_all_faults_are_reported_together_and_no_person_is_named(
    server: Server, door: str, changes: Json, line: Json, places: set[str]
) -> None:
    lines = [billed_line(quantity=0), billed_line(1, day=None, **line)]
    bill = billing_claim(member="MEMBER-77", number="SECRET-NUMBER", lines=lines, **changes)
    answer = await server.post(door, bill, client="biller")
    assert answer.status_code == 422
    assert {one["expression"][0] for one in issues(answer)} >= {f"Claim.{place}" for place in places}
    for private in ("MEMBER-77", "SECRET-NUMBER", "yesterday"):
        assert private not in answer.text


@both_doors
async def test_a_patient_of_another_organization_gets_the_answer_for_a_missing_one(server: Server, door: str) -> None:
    assert (await server.post("/Claim/$submit", request_bundle())).status_code == 200
    [patient] = [id_ for kind, id_ in everything(server) if kind == "Patient"]
    for client, id_ in (("biller", "gone"), ("ehr-b", patient), ("ehr-b", "gone")):
        bill = billing_claim(control_number="BILL-0002", patient={"reference": f"Patient/{id_}"})
        found = await refused(server, door, bill, client=client)
        assert (found.status, found.places) == (422, ("Claim.patient",))
        assert found.texts == (
            "`patient` must resolve to a resource that was sent with the Claim or is stored on this server.",
        )
    bill = billing_claim(control_number="BILL-0002", patient={"reference": f"Patient/{patient}"})
    assert (await server.post(door, bill, client="biller")).status_code < 300


async def test_a_bill_without_a_member_id_is_denied_and_registers_no_member(server: Server) -> None:
    nobody = {"display": "A patient"}
    insurance = {"sequence": 1, "focal": True, "coverage": {"identifier": {"system": "urn:x"}}}
    bill = billing_claim(patient={"identifier": {"system": "urn:x"}, **nobody}, insurance=[insurance])
    answer = await server.post("/Claim/$submit", bill, client="biller")
    assert answer.status_code == 200, answer.text
    [line] = lines_of(read(answer.content))
    assert (line.why, line.remarks) == ("CO-31", ("N382",))
    assert not [kind for kind, _ in everything(server) if kind in {"member", "Patient", "Coverage"}]


@pytest.mark.parametrize("as_bundle", [False, True])
@pytest.mark.scenario("S-30")
@pytest.mark.scenario("S-31")
async def test_a_billing_answer_does_not_reveal_the_owner_of_a_number(tmp_path: Path, as_bundle: bool) -> None:
    """A number of another member, one of another payer and one never issued get the same texts."""
    never, members, payers = (bill_of_row(id_) for id_ in ("S-06", "S-30", "S-31"))
    async with serving_payers(tmp_path) as server:
        for member in ("M002", "M003"):
            await register(server, member)
        asked = {name: await authorize(server, name) for name in ("AU1", "AU8")}
        server.clock.instant = BILLED
        answers = [
            await words(server, bill, bill_of(bill, f"BILL-{place}", typed(asked)), as_bundle=as_bundle)
            for place, bill in enumerate((never, members, payers))
        ]
    assert answers[0] == answers[1] == answers[2]


def bill_of_row(id_: str) -> Bill:
    [row] = [row for row in table().scenarios if row.id == id_]
    assert row.bill is not None
    return row.bill


async def words(server: Server, bill: Bill, claim: Json, *, as_bundle: bool) -> Json:
    """Return the parts of an answer that do not depend on the biller."""
    answer = await server.post("/Claim/$submit", in_bundle(claim, bill) if as_bundle else claim, client="biller")
    assert answer.status_code == 200, answer.text
    response = read(answer.content)
    response = response["entry"][0]["resource"] if as_bundle else response
    return {name: value for name, value in response.items() if name not in {"id", "identifier", "patient", "request"}}
