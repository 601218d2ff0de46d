from __future__ import annotations

from collections import Counter

from app.conformance.admission import edition_validator
from app.fhir.outcome import Issue, joined
from tests.support.samples import PAS, Json, request_bundle

REQUEST = PAS + "profile-pas-request-bundle"
ITEM = "Claim.item[0].quantity"


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


def test_an_issue_at_the_place_of_an_equal_or_worse_one_is_dropped() -> None:
    first = Issue("Wrong.", f"{ITEM}.value")
    assert joined([first], [Issue("Quite wrong.", ITEM)]) == (first,)
    assert joined([first], [Issue("Odd.", ITEM, severity="warning")]) == (first,)
    assert joined([Issue("A reference.", "Claim.insurer.reference")], [Issue("No entry.", "Claim.insurer")])[1:] == ()


def test_an_issue_that_is_worse_or_elsewhere_is_kept() -> None:
    warned = Issue("Odd.", ITEM, severity="warning")
    wrong, elsewhere = Issue("Wrong.", ITEM), Issue("Wrong.", "Claim.item")
    assert joined([warned], [wrong, elsewhere]) == (wrong, elsewhere, warned)


def test_two_texts_of_two_rules_at_one_place_are_kept() -> None:
    both = Issue("One.", ITEM, diagnostics="a"), Issue("Other.", ITEM, diagnostics="b")
    assert joined([*both, Issue("One.", ITEM, diagnostics="c")], []) == both
