"""Write the bills of the scenarios as FHIR: a Claim, or the Claim in a Bundle."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.codes import CLAIM_FREQUENCY
from tests.api.bills.played.lines import (
    CLAIM_TYPES,
    circumstances,
    diagnoses,
    facility_of,
    identifiers,
    practitioner_of,
)
from tests.api.bills.played.rows import Bill, Line, Primary
from tests.api.bills.scenario_table import table
from tests.api.updating import RELATIONSHIP
from tests.support.samples import (
    NPI,
    Json,
    billed_line,
    billing_claim,
    bundle,
    concept,
    coverage,
    entry,
    extension,
    organization,
    patient,
)

PRICE = Decimal(40)
CONTROL_NUMBERS = "https://biller.example.org/claims"
_CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType"
_ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"


def bill_of(bill: Bill, identifier: str, numbers: Mapping[str, str], related: str | None = None) -> Json:
    """Write a bill as one Claim: its clinic is contained, and the other parties are identifiers.

    `related` is the identifier of the bill that it replaces or voids.
    """
    team = {provider: place for place, provider in enumerate(_providers(bill), start=1)}
    lines = [_line(sequence, line, team, numbers) for sequence, line in enumerate(bill.lines, start=1)]
    clinic = organization("profile-requestor", "", "X3", "The billing clinic") | {"id": "clinic-1"}
    written = billing_claim(
        number=None,
        member=bill.member,
        payer=table().who.payers[bill.payer],
        control_number=identifier,
        lines=lines,
        created="2026-06-01",
        type=concept(CLAIM_TYPES, bill.type),
        use="predetermination" if bill.dry_run else "claim",
        contained=[clinic | {"identifier": identifiers(table().who.clinics[bill.clinic])}],
        provider={"reference": "#clinic-1"},
        careTeam=[
            {"sequence": place, "provider": {"identifier": {"system": NPI, "value": table().who.providers[provider]}}}
            for provider, place in team.items()
        ],
        diagnosis=diagnoses(bill.lines),
    )
    _add_insurance(written, bill, numbers)
    _add_circumstances(written, bill, numbers, related)
    return {name: value for name, value in (written | bill.change).items() if value is not None}


def in_bundle(claim: Json, bill: Bill) -> Json:
    """Write the same bill as a Bundle: each party is an entry that the Claim references."""
    [clinic, *contained] = claim["contained"]
    payer = organization("profile-insurer", table().who.payers[bill.payer], "PR", "The payer")
    team = [
        member | {"provider": {"reference": f"Practitioner/{provider}"}}
        for member, provider in zip(claim["careTeam"], _providers(bill), strict=True)
    ]
    *others, focal = claim["insurance"]
    changes = {
        "patient": {"reference": "Patient/patient-1"},
        "insurer": {"reference": "Organization/payer-1"},
        "provider": {"reference": "Organization/clinic-1"},
        "careTeam": team,
        "insurance": [*others, focal | {"coverage": {"reference": "Coverage/coverage-1"}}],
    }
    sent = {name: value for name, value in (claim | changes).items() if name != "contained"}
    sent |= {"contained": contained} if contained else {}
    sent |= {name: value for name, value in bill.change.items() if value is not None}
    parties = [entry("Organization/clinic-1", clinic), entry("Organization/payer-1", payer)]
    parties += [entry("Coverage/coverage-1", coverage(bill.member)), entry("Patient/patient-1", patient(bill.member))]
    parties += [practitioner_of(provider) for provider in _providers(bill)]
    return bundle("profile-pas-request-bundle", [entry("Claim/bill-1", sent), *parties])


def using_up(name: str, units: int, modifiers: tuple[str, ...] = ()) -> Bill:
    """Return an earlier bill that draws `units` of the first item of an authorization."""
    asked = table().authorizations[name]
    item = asked.items[0]
    assert item.from_ is not None
    line = Line(
        service=item.service,
        units=Decimal(units),
        unit=item.unit,
        modifiers=(*item.modifiers, *modifiers),
        place=item.place,
        diagnosis=item.diagnosis,
        on=item.from_,
    )
    return Bill(
        lines=(line,),
        number=name,
        member=asked.member,
        payer=asked.payer,
        clinic=asked.clinic,
        type=asked.type,
        facility=asked.facility,
    )


def _providers(bill: Bill) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.provider for line in bill.lines))


def _line(sequence: int, line: Line, team: Mapping[str, int], numbers: Mapping[str, str]) -> Json:
    written = billed_line(sequence, line.service, day=line.on.isoformat())
    del written["locationCodeableConcept"]
    written |= circumstances(line, sequence) | {"careTeamSequence": [team[line.provider]]}
    if line.to is not None:
        del written["servicedDate"]
        written["servicedPeriod"] = {"start": line.on.isoformat(), "end": line.to.isoformat()}
    if line.number is not None:
        number = extension("extension-authorizationNumber", valueString=numbers[line.number])
        written["extension"] = [number]
    changed = written | line.change
    return {name: value for name, value in changed.items() if value is not None}


def _add_insurance(written: Json, bill: Bill, numbers: Mapping[str, str]) -> None:
    """Add the numbers to the focal insurance, and the insurance of the payer that pays first."""
    [focal] = written["insurance"]
    if bill.number is not None:
        focal["preAuthRef"] = [numbers[word] for word in bill.numbers]
    if bill.primary is not None:
        first: Json = {"sequence": 1, "focal": False, "coverage": {"identifier": {"value": "At the primary payer"}}}
        if bill.primary.number is not None:
            first["preAuthRef"] = [numbers[bill.primary.number]]
        if bill.primary.paid is not None:
            first["claimResponse"] = {"reference": "#primary-1"}
            written["contained"].append(_answer_of_primary(bill, bill.primary))
        written["insurance"] = [first, focal | {"sequence": 2}]


def _answer_of_primary(bill: Bill, primary: Primary) -> Json:
    def paid(sequence: int, dollars: Decimal) -> Json:
        amount = {"value": dollars, "currency": "USD"}
        return {
            "itemSequence": sequence,
            "adjudication": [{"category": concept(_ADJUDICATION, "benefit"), "amount": amount}],
        }

    return {
        "resourceType": "ClaimResponse",
        "id": "primary-1",
        "status": "active",
        "type": concept(CLAIM_TYPES, bill.type),
        "use": "claim",
        "patient": {"identifier": {"value": "At the primary payer"}},
        "created": "2026-05-01",
        "insurer": {"identifier": {"system": NPI, "value": table().who.payers[primary.payer]}},
        "outcome": "complete",
        "item": [paid(sequence, dollars) for sequence, dollars in enumerate(primary.paid or (), start=1)],
    }


def _add_circumstances(written: Json, bill: Bill, numbers: Mapping[str, str], related: str | None) -> None:
    """Add the facility, the type of bill, the referral and the claim that the bill corrects."""
    if bill.facility is not None:
        written["facility"] = facility_of(bill.facility)
    if bill.type_of_bill is not None:
        category = concept(_CARIN, "typeofbill")
        code = concept("https://www.nubc.org/CodeSystem/TypeOfBill", bill.type_of_bill)
        written["supportingInfo"] = [{"sequence": 1, "category": category, "code": code}]
    if bill.referral is not None:
        written["referral"] = {"type": "ServiceRequest", "identifier": {"value": numbers[bill.referral]}}
    if related is not None:
        frequency = "8" if bill.voids else "7"
        written["extension"] = [{"url": CLAIM_FREQUENCY, "valueCode": frequency}]
        claim = {"type": "Claim", "identifier": {"system": CONTROL_NUMBERS, "value": related}}
        written["related"] = [{"relationship": concept(RELATIONSHIP, "prior"), "claim": claim}]
