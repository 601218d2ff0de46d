"""Write the rows of the table as FHIR: a request Bundle, a billing Claim, or the Claim in a Bundle."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tests.api.bills.scenario_table import Asked, Bill, Clinic, Line, Request, Service, table
from tests.support.samples import (
    CPT,
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
    practitioner,
    practitioner_role,
    request_bundle,
    request_item,
)

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
EIN = "urn:oid:2.16.840.1.113883.4.4"
PRICE = Decimal(40)


def request_of(name: str) -> Json:
    """Write the request for an authorization of the table."""
    asked = table().authorizations[name]
    team = dict(enumerate(asked.providers, start=1))
    items = [_item(sequence, item, team) for sequence, item in enumerate(asked.items, start=1)]
    sent = request_bundle(
        member=asked.member,
        payer=table().who.payers[asked.payer],
        identifier=f"REQUEST-{name}",
        items=items,
        entries=[one for provider in asked.providers for one in (_role(provider), _practitioner(provider))],
        claim={"created": "2025-12-20", "careTeam": _team(team), "diagnosis": _diagnoses(asked.items)},
    )
    resources = {one["resource"]["id"]: one["resource"] for one in sent["entry"]}
    resources["clinic-1"]["identifier"] = _identifiers(table().who.clinics[asked.clinic])
    unused = {"role-1", "practitioner-1"}
    return sent | {"entry": [one for one in sent["entry"] if one["resource"]["id"] not in unused]}


def bill_of(bill: Bill, identifier: str, numbers: Mapping[str, str]) -> Json:
    """Write a bill as one Claim: its clinic is contained, and the other parties are identifiers."""
    team = {provider: place for place, provider in enumerate(_providers(bill), start=1)}
    lines = [_line(sequence, line, team, numbers) for sequence, line in enumerate(bill.lines, start=1)]
    clinic = organization("profile-requestor", "", "X3", "The billing clinic") | {"id": "clinic-1"}
    return billing_claim(
        number=numbers[bill.number] if bill.number else None,
        member=bill.member,
        payer=table().who.payers[bill.payer],
        control_number=identifier,
        lines=lines,
        created="2026-06-01",
        contained=[clinic | {"identifier": _identifiers(table().who.clinics[bill.clinic])}],
        provider={"reference": "#clinic-1"},
        careTeam=[
            {"sequence": place, "provider": {"identifier": {"system": NPI, "value": table().who.providers[provider]}}}
            for provider, place in team.items()
        ],
        diagnosis=_diagnoses(bill.lines),
    )


def in_bundle(claim: Json, bill: Bill) -> Json:
    """Write the same bill as a Bundle: each party is an entry that the Claim references."""
    [clinic] = claim["contained"]
    [insurance] = claim["insurance"]
    payer = organization("profile-insurer", table().who.payers[bill.payer], "PR", "The payer")
    team = [
        member | {"provider": {"reference": f"Practitioner/{provider}"}}
        for member, provider in zip(claim["careTeam"], _providers(bill), strict=True)
    ]
    changes = {
        "patient": {"reference": "Patient/patient-1"},
        "insurer": {"reference": "Organization/payer-1"},
        "provider": {"reference": "Organization/clinic-1"},
        "careTeam": team,
        "insurance": [insurance | {"coverage": {"reference": "Coverage/coverage-1"}}],
    }
    sent = {name: value for name, value in (claim | changes).items() if name != "contained"}
    parties = [entry("Organization/clinic-1", clinic), entry("Organization/payer-1", payer)]
    parties += [entry("Coverage/coverage-1", coverage(bill.member)), entry("Patient/patient-1", patient(bill.member))]
    parties += [_practitioner(provider) for provider in _providers(bill)]
    return bundle("profile-pas-request-bundle", [entry("Claim/bill-1", sent), *parties])


def using_up(name: str, units: int, modifiers: tuple[str, ...] = ()) -> Bill:
    """Return an earlier bill that draws `units` of the first item of an authorization."""
    asked: Request = table().authorizations[name]
    item = asked.items[0]
    assert item.from_ is not None
    line = Line(
        service=item.service,
        units=Decimal(units),
        unit=item.unit,
        modifiers=(*item.modifiers, *modifiers),
        place=item.place,
        on=item.from_,
    )
    return Bill(number=name, member=asked.member, payer=asked.payer, clinic=asked.clinic, lines=(line,))


def _providers(bill: Bill) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.provider for line in bill.lines))


def _item(sequence: int, item: Asked, team: Mapping[int, str]) -> Json:
    period = (item.from_.isoformat(), item.to.isoformat()) if item.from_ and item.to else None
    written = request_item(sequence, item.service, period=period) | _circumstances(item, sequence)
    written["careTeamSequence"] = list(team)
    if item.up_to is not None:
        end = extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, item.up_to))
        written["extension"] = [*written["extension"], end]
    return _without_place(written) if item.place == "any" else written


def _line(sequence: int, line: Line, team: Mapping[str, int], numbers: Mapping[str, str]) -> Json:
    written = billed_line(sequence, line.service, day=line.on.isoformat()) | _circumstances(line, sequence)
    written["careTeamSequence"] = [team[line.provider]]
    if line.to is not None:
        del written["servicedDate"]
        written["servicedPeriod"] = {"start": line.on.isoformat(), "end": line.to.isoformat()}
    if line.number is not None:
        number = extension("extension-authorizationNumber", valueString=numbers[line.number])
        written["extension"] = [number]
    return _without_place(written) if line.place == "any" else written


def _circumstances(service: Service, sequence: int) -> Json:
    system = HCPCS if service.service[0].isalpha() else CPT
    written: Json = {
        "productOrService": concept(system, service.service),
        "quantity": {"value": service.units},
        "diagnosisSequence": [sequence],
    }
    written["locationCodeableConcept"] = concept(
        "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set", service.place
    )
    if service.unit is not None:
        written["quantity"] |= {"system": "https://codesystem.x12.org/005010/355", "code": service.unit}
    if service.modifiers:
        written["modifier"] = [concept(CPT if code.isdecimal() else HCPCS, code) for code in service.modifiers]
    return written


def _without_place(written: Json) -> Json:
    return {name: value for name, value in written.items() if name != "locationCodeableConcept"}


def _diagnoses(services: tuple[Service, ...]) -> list[Json]:
    return [
        {"sequence": sequence, "diagnosisCodeableConcept": concept(ICD_10_CM, service.diagnosis)}
        for sequence, service in enumerate(services, start=1)
    ]


def _team(team: Mapping[int, str]) -> list[Json]:
    scope = extension("extension-careTeamClaimScope", valueBoolean=True)
    return [
        {"extension": [scope], "sequence": sequence, "provider": {"reference": f"PractitionerRole/{provider}-role"}}
        for sequence, provider in team.items()
    ]


def _role(provider: str) -> Json:
    role = practitioner_role() | {"practitioner": {"reference": f"Practitioner/{provider}"}}
    return entry(f"PractitionerRole/{provider}-role", role)


def _practitioner(provider: str) -> Json:
    number = {"system": NPI, "value": table().who.providers[provider]}
    return entry(f"Practitioner/{provider}", practitioner() | {"identifier": [number]})


def _identifiers(clinic: Clinic) -> list[Json]:
    tax_ids = [{"system": EIN, "value": clinic.tin}] if clinic.tin is not None else []
    return [{"system": NPI, "value": clinic.npi}, *tax_ids]
