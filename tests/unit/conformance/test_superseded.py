from __future__ import annotations

from collections import Counter

from app.conformance.admission import edition_validator
from tests.support.samples import PAS, Json, request_bundle

REQUEST = PAS + "profile-pas-request-bundle"


def places(bundle: Json, edition: str) -> list[str | None]:
    return [issue.expression for issue in edition_validator(edition).validate(bundle, REQUEST)]


def test_a_repeated_entry_gives_one_issue_at_its_place() -> None:
    bundle = request_bundle()
    bundle["entry"].append(bundle["entry"][-1])
    assert places(bundle, "2.2.1") == ["Bundle.entry[7].fullUrl"]


def test_an_entry_before_the_claim_gives_one_issue_at_its_place() -> None:
    bundle = request_bundle()
    bundle["entry"].reverse()
    assert places(bundle, "2.2.1") == ["Bundle.entry[0].resource"]


def test_a_requirement_of_two_profiles_gives_one_issue() -> None:
    [member] = request_bundle()["entry"][0]["resource"]["careTeam"]
    practitioner = {"provider": {"reference": "Practitioner/practitioner-1"}}
    bundle = request_bundle(claim={"careTeam": [member | practitioner]})
    found = Counter(places(bundle, "2.0.1"))
    assert found["Bundle.entry[0].resource.careTeam[0].provider.reference"] == 1
