"""What is read out of a billing Claim, however it names its parties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.bills.read_claim import SubmittedBillingClaim, read_claim, server_references
from app.domain.billing import BilledLine, BillingClaim
from app.domain.datatypes import Coding, Identifier, Period
from app.fhir.body import Checked
from app.fhir.outcome import FhirError
from tests.support.bundled import bundled_claim
from tests.support.samples import (
    CLIENT,
    CPT,
    NPI,
    PAYER,
    RENDERING,
    REQUESTOR,
    billed_line,
    billing_claim,
    concept,
    extension,
    patient,
    practitioner,
)

ROLES = {"patient": "Patient/p1", "insurer": "Organization/o1", "provider": "Organization/o2"}


def bill(**changes: Any) -> BillingClaim:
    return read_claim(Checked(billing_claim(**changes))).billing_claim


def line(**changes: Any) -> BilledLine:
    return bill(lines=[billed_line(**changes)]).lines[0]


def referring() -> dict[str, Any]:
    """Return a Claim that refers to resources of the server it is sent to."""
    claim = billing_claim() | {name: {"reference": reference} for name, reference in ROLES.items()}
    claim["insurance"][0]["coverage"] = {"reference": "Coverage/c1"}
    return claim


def test_a_billing_claim_may_name_its_parties_by_identifier() -> None:
    read = read_claim(Checked(billing_claim(control_number="BILL-0001")))
    asked = read.billing_claim
    assert asked.identifier == Identifier("https://biller.example.org/claims", "BILL-0001")
    assert (asked.member.member_id, asked.insurer.npi, asked.provider.npi) == ("M001", PAYER, REQUESTOR)
    assert (asked.claim_type.code, asked.created, asked.lines[0].facility) == (
        "professional",
        date(2026, 12, 20),
        None,
    )
    assert asked.numbers == ("PA260000013",)
    assert read.face.patient == read.claim.resource["patient"]
    assert read.face.request == {
        "type": "Claim",
        "identifier": {"system": "https://biller.example.org/claims", "value": "BILL-0001"},
    }
    assert (read.index.entries, read.warnings, server_references(Checked(read.claim.resource))) == ([], (), ())


def test_every_element_of_a_line_is_read() -> None:
    assert line(modifier=[concept("urn:m", "GP")]) == BilledLine(
        sequence=1,
        services=(Coding(CPT, "97110"),),
        quantity=Decimal(4),
        serviced=Period(date(2026, 12, 15), date(2026, 12, 15)),
        modifiers=("GP",),
        diagnoses=(Coding("http://hl7.org/fhir/sid/icd-10-cm", "M54.50"),),
        place=line().place,
        providers=(RENDERING,),
        charge=Decimal(160),
    )


def test_the_charge_is_the_net_or_the_price_of_the_units() -> None:
    euros = line(net={"value": Decimal("99.50"), "currency": "EUR"}, unitPrice=None)
    assert (euros.charge, euros.currency) == (Decimal("99.50"), "EUR")
    assert line(factor=Decimal("0.5")).charge == Decimal(80)
    assert line(unitPrice=None).charge is None


def test_no_quantity_is_one() -> None:
    assert (line(quantity=None).quantity, line(quantity=None).charge) == (Decimal(1), Decimal(40))


def test_a_line_without_a_date_has_the_claim_s() -> None:
    period = {"start": "2026-12-01", "end": "2026-12-31"}
    assert bill(lines=[billed_line(day=None)], billablePeriod=period).lines[0].serviced == Period(
        date(2026, 12, 1), date(2026, 12, 31)
    )


def test_a_line_s_own_number_is_read() -> None:
    number = extension("extension-authorizationNumber", valueString="PA260000021")
    assert line(extension=[number]).authorization_number == "PA260000021"


def test_a_line_without_pointers_has_all_diagnoses_of_its_claim() -> None:
    plain = {name: value for name, value in billed_line().items() if name != "diagnosisSequence"}
    diagnosis = [
        {"sequence": n, "diagnosisCodeableConcept": concept("urn:d", code)} for n, code in ((2, "B"), (1, "A"))
    ]
    assert [one.code for one in bill(lines=[plain], diagnosis=diagnosis).lines[0].diagnoses] == ["B", "A"]
    assert bill(lines=[plain], diagnosis=None).lines[0].diagnoses == ()


def provider(sequence: int, npi: str, role: str | None) -> dict[str, Any]:
    member: dict[str, Any] = {"sequence": sequence, "provider": {"identifier": {"system": NPI, "value": npi}}}
    return member | ({"role": concept("urn:role", role)} if role else {})


def test_the_rendering_provider_is_the_performer() -> None:
    team = [
        provider(1, "1444444446", "supervisor"),
        provider(2, "1555555550", None),
        provider(3, RENDERING, "rendering"),
    ]
    anybody = {name: value for name, value in billed_line().items() if name != "careTeamSequence"}
    lines = [billed_line(1, careTeamSequence=[2]), billed_line(2, careTeamSequence=[1]), anybody | {"sequence": 3}]
    assert [one.providers[:1] for one in bill(lines=lines, careTeam=team).lines] == [("1555555550",), (), (RENDERING,)]


def test_a_bill_in_a_bundle_refers_to_its_entries() -> None:
    body = bundled_claim()
    read = read_claim(Checked(body))
    assert (read.billing_claim.member.member_id, read.billing_claim.member.families) == ("M001", ("Sample",))
    assert read.billing_claim.provider.name == "Riverside Therapy"
    assert read.billing_claim.lines[0].providers == (RENDERING,)
    assert read.face.patient == {"reference": f"{CLIENT}/Patient/patient-1"}
    assert read.face.request == {"reference": f"{CLIENT}/Claim/bill-1"}
    assert read.face.coverage == {"reference": f"{CLIENT}/Coverage/coverage-1"}
    assert read.index.bundle is body


def test_contained_parties_are_read_and_answers_name_them_by_identifier() -> None:
    contained = [
        {**patient(), "id": "p"},
        {
            "resourceType": "Organization",
            "id": "o",
            "identifier": [{"system": NPI, "value": REQUESTOR}],
            "name": "Clinic",
        },
    ]
    read = read_claim(
        Checked(billing_claim(contained=contained, patient={"reference": "#p"}, provider={"reference": "#o"}))
    )
    assert read.billing_claim.member.families == ("Sample",)
    assert read.face.patient["identifier"]["value"] == "M001"
    assert read.face.requestor == {"identifier": {"system": NPI, "value": REQUESTOR}, "display": "Clinic"}


KEPT = {
    "Patient/p1": patient("M777"),
    "Organization/o1": {"resourceType": "Organization", "identifier": [{"system": NPI, "value": PAYER}]},
    "Organization/o2": {"resourceType": "Organization", "identifier": [{"system": NPI, "value": REQUESTOR}]},
    "Coverage/c1": {"resourceType": "Coverage", "subscriberId": "M778"},
}


def test_references_to_this_server_are_listed_and_read() -> None:
    assert server_references(Checked(referring())) == (*ROLES.values(), "Coverage/c1")
    read = read_claim(Checked(referring()), KEPT)
    assert (read.billing_claim.member.member_id, read.billing_claim.insurer.npi) == ("M777", PAYER)
    assert read.face.patient == {"reference": "Patient/p1"}


def test_an_issue_of_a_resource_of_this_server_is_not_reported_to_the_sender() -> None:
    with_wrong_npi = {"resourceType": "Organization", "identifier": [{"system": NPI, "value": "1234567890"}]}
    read = read_claim(Checked(referring()), KEPT | {"Organization/o1": with_wrong_npi})
    assert (read.billing_claim.insurer.npi, read.warnings) == ("1234567890", ())


def test_only_a_claim_by_itself_refers_to_this_server() -> None:
    for body in (bundled_claim(), {"resourceType": "Claim"}):
        assert server_references(Checked(body)) == ()


def test_the_name_of_a_practitioner_is_put_together() -> None:
    contained = [{**practitioner(), "id": "p"}, {**practitioner(), "id": "n", "name": []}]
    assert bill(contained=contained, provider={"reference": "#p"}).provider.name == "Sam Rivera"
    assert bill(contained=contained, provider={"reference": "#n"}).provider.name is None


def test_a_bill_without_an_identifier_is_read() -> None:
    read: SubmittedBillingClaim = read_claim(Checked(billing_claim(identifier=None)))
    assert read.billing_claim.identifier is None
    assert read.face.request == {"type": "Claim"}


def test_a_code_without_a_system_is_ignored_beside_a_code_with_one() -> None:
    found = line(productOrService={"coding": [{"code": "T1"}, {"system": CPT, "code": "97110"}]})
    assert found.services == (Coding(CPT, "97110"),)


def test_a_factor_of_zero_makes_the_charge_zero() -> None:
    assert line(factor=0).charge == 0
    assert line(factor=Decimal("0.5")).charge == 80


def priced(sequence: int, code: str, amount: int | None, **more: Any) -> dict[str, Any]:
    net = {} if amount is None else {"net": {"value": amount, "currency": "USD"}}
    return {"sequence": sequence, "productOrService": concept(CPT, code), **net, **more}


def test_only_the_details_of_an_item_are_billed() -> None:
    below = [priced(1, "97110", 40), priced(2, "97140", None, subDetail=[priced(1, "97112", 60)])]
    group = {name: value for name, value in billed_line().items() if name != "unitPrice"}
    group |= {"net": {"value": 100, "currency": "USD"}, "detail": below}
    lines = bill(lines=[group]).lines
    assert [(line.number, line.services[0].code, line.charge) for line in lines] == [
        ("1.1", "97110", Decimal(40)),
        ("1.2.1", "97112", Decimal(60)),
    ]
    assert {line.place for line in lines} == {line().place}


@pytest.mark.parametrize("below", [[priced(1, "97110", 40), priced(2, "97112", 59)], [priced(1, "97110", None)]])
def test_the_amount_of_an_item_must_be_the_sum_of_its_details(below: list[dict[str, Any]]) -> None:
    with pytest.raises(FhirError) as rejected:
        bill(lines=[priced(1, "97110", 100, servicedDate="2026-12-15", detail=below)])
    assert [issue.expression for issue in rejected.value.issues] == ["Claim.item[0].net"]
