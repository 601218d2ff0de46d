"""Write the authorizations of parties.yaml as request Bundles."""

from __future__ import annotations

from collections.abc import Mapping

from tests.api.bills.played.lines import (
    CLAIM_TYPES,
    circumstances,
    diagnoses,
    facility_of,
    identifiers,
    practitioner_of,
)
from tests.api.bills.played.rows import Asked, Request
from tests.api.bills.played.story import Updated
from tests.api.bills.scenario_table import table
from tests.api.updating import WHOLE, changed, renamed, update_of
from tests.support.samples import (
    CPT,
    Json,
    concept,
    entry,
    extension,
    practitioner_role,
    request_bundle,
    request_item,
    x12,
)


def request_of(name: str, reference: str | None = None) -> Json:
    """Write the request for an authorization. An appeal has the case reference of the denial."""
    asked = table().authorizations[name]
    team = dict(enumerate(asked.providers, start=1))
    sent = request_bundle(
        member=asked.member,
        payer=table().who.payers[asked.payer],
        identifier=f"REQUEST-{name}",
        items=[_item(sequence, item, team, asked) for sequence, item in enumerate(asked.items, start=1)],
        entries=[one for provider in asked.providers for one in (_role(provider), practitioner_of(provider))],
        claim=_claim(asked, team, reference),
    )
    resources = {one["resource"]["id"]: one["resource"] for one in sent["entry"]}
    resources["clinic-1"]["identifier"] = identifiers(table().who.clinics[asked.clinic])
    unused = {"role-1", "practitioner-1"}
    return sent | {"entry": [one for one in sent["entry"] if one["resource"]["id"] not in unused]}


def updated_request(update: Updated) -> Json:
    """Write the update of an authorization."""
    before = renamed(request_of(update.request), 1)
    first, *others = before["entry"][0]["resource"]["item"]
    changes: Json = {}
    if update.units is not None:
        changes["quantity"] = first["quantity"] | {"value": update.units}
    if update.to is not None:
        changes["servicedPeriod"] = first["servicedPeriod"] | {"end": update.to.isoformat()}
    if update.extends:
        kept = [one for one in first["extension"] if not one["url"].endswith("certificationType")]
        first = first | {"extension": [*kept, certification("4")]}
    return _follow_up(update.request, [changed(first, **changes), *others], {})


def cancellation_of(name: str) -> Json:
    """Write the cancellation of a whole authorization."""
    return _follow_up(name, None, {"extension": [WHOLE]})


def _follow_up(name: str, items: list[Json] | None, claim: Json) -> Json:
    before = renamed(request_of(name), 1)
    first, *parties = before["entry"]
    names = {"created", "careTeam", "diagnosis", "type", "facility"}
    kept = {part: value for part, value in first["resource"].items() if part in names}
    body = update_of(before, items, claim={**kept, **claim})
    return {**body, "entry": [body["entry"][0], *parties, first]}


def _claim(asked: Request, team: Mapping[int, str], reference: str | None) -> Json:
    written: Json = {"created": "2025-12-20", "careTeam": _team(team), "diagnosis": diagnoses(asked.items)}
    written["type"] = concept(CLAIM_TYPES, asked.type)
    if asked.facility is not None:
        written["facility"] = facility_of(asked.facility)
    if reference is not None:
        written["extension"] = [extension("extension-administrationReferenceNumber", valueString=reference)]
    return written


def _item(sequence: int, item: Asked, team: Mapping[int, str], asked: Request) -> Json:
    period = (item.from_.isoformat(), item.to.isoformat()) if item.from_ and item.to else None
    written = request_item(sequence, item.service, period=period)
    del written["locationCodeableConcept"]
    written |= circumstances(item, sequence) | {"careTeamSequence": list(team)}
    types = [
        extension("extension-serviceItemRequestType", valueCodeableConcept=x12("1525", item.kind)),
        certification("2" if asked.appeals else "I"),
    ]
    if item.up_to is not None:
        types.append(extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, item.up_to)))
    return written | {"extension": types}


def certification(code: str) -> Json:
    """Write the X12 1322 certification type of an item."""
    return extension("extension-certificationType", valueCodeableConcept=x12("1322", code))


def _team(team: Mapping[int, str]) -> list[Json]:
    scope = extension("extension-careTeamClaimScope", valueBoolean=True)
    return [
        {"extension": [scope], "sequence": sequence, "provider": {"reference": f"PractitionerRole/{provider}-role"}}
        for sequence, provider in team.items()
    ]


def _role(provider: str) -> Json:
    role = practitioner_role() | {"practitioner": {"reference": f"Practitioner/{provider}"}}
    return entry(f"PractitionerRole/{provider}-role", role)
