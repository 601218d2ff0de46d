"""What this project wrote down of each edition is what was published, neither less nor more.

Ours is a differential against plain R4, theirs a snapshot in which every parent is flattened; R4's own
StructureDefinitions are in neither. A snapshot says what in it is R4's, though:

- the `base` of an element is its place in R4 and its cardinality there;
- types and targets at that place are those of the model classes of `fhir.resources`;
- bindings and modifiers, which those classes lack, are in `r4_elements.csv`, whose every row agrees with a snapshot;
- a rule is R4's when its key is of one of R4's families;
- fixed and pattern values, must-support and slicing are never R4's, but for the slicing of extensions by url.

What is left of a snapshot must be equal, element by element, to what our differential says: a difference is a rule that
is missing, weaker, stricter or said for nothing. Canonicals are compared without version: a folder holds one edition.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance import profiles_official as official
from tests.conformance import profiles_r4 as r4
from tests.conformance import profiles_shipped as shipped
from tests.conformance.profiles_compare import Difference, differences, ours, published
from tests.support.official import needs_packages

pytestmark = needs_packages

NOT_OURS: dict[tuple[str, str], dict[Difference, str]] = {
    ("2.2.1", "profile-subscription"): {
        ("Subscription.contained", "rule dom-r4b"): "of R4B, about resource types that R4 does not have",
        ("Subscription.criteria.value", "maxLength"): "R4's own limit of a string",
    },
}
"""Every difference there is, with the reason: edition and profile, then element and what is said of it."""

HEADER = ("url", "version", "name", "status", "kind", "abstract", "type", "fhirVersion", "derivation", "context")

EVERY_PROFILE = [
    pytest.param(edition, name, id=f"{edition}-{name}")
    for edition in shipped.EDITIONS
    for name in shipped.resources(edition, "StructureDefinition")
]


@pytest.mark.parametrize("edition", shipped.EDITIONS)
def test_every_published_profile_and_extension_is_here_and_no_other(edition: str) -> None:
    assert shipped.resources(edition, "StructureDefinition").keys() == official.profiles(edition).keys()


@pytest.mark.parametrize(("edition", "name"), EVERY_PROFILE)
def test_a_profile_has_every_published_addition_to_r4(edition: str, name: str) -> None:
    mine = ours(shipped.resources(edition, "StructureDefinition")[name])
    theirs = published(official.profiles(edition)[name])
    assert differences(mine, theirs) == set(NOT_OURS.get((edition, name), ()))


@pytest.mark.parametrize(("edition", "name"), EVERY_PROFILE)
def test_a_profile_has_the_header_that_was_published(edition: str, name: str) -> None:
    mine = shipped.resources(edition, "StructureDefinition")[name]
    theirs = official.profiles(edition)[name]
    assert {key: mine.get(key) for key in HEADER} == {key: theirs.get(key) for key in HEADER}


@pytest.mark.parametrize(("edition", "name"), EVERY_PROFILE)
def test_the_elements_of_a_profile_are_named_and_ordered_as_published(edition: str, name: str) -> None:
    mine = _names(shipped.resources(edition, "StructureDefinition")[name]["differential"])
    theirs = _names(official.profiles(edition)[name]["snapshot"])
    assert mine == [element for element in theirs if element in set(mine)]


def _names(elements: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(each["id"], each["path"], each.get("sliceName")) for each in elements["element"]]


@pytest.mark.parametrize("edition", shipped.EDITIONS)
def test_value_sets_have_the_members_that_were_published(edition: str) -> None:
    mine = {name: _members(each) for name, each in shipped.resources(edition, "ValueSet").items()}
    theirs = {name: _members(each) for name, each in official.resources(edition, "ValueSet").items()}
    assert {name: members for name, members in mine.items() if name in theirs} == {
        name: members for name, members in theirs.items() if name in mine
    }


def _members(value_set: dict[str, Any]) -> list[tuple[str, list[str], list[Any]]]:
    return [
        (include["system"], [each["code"] for each in include.get("concept", ())], include.get("filter", []))
        for include in value_set["compose"]["include"]
    ]


@pytest.mark.parametrize("edition", shipped.EDITIONS)
def test_the_code_system_has_the_codes_that_were_published(edition: str) -> None:
    (mine,) = shipped.resources(edition, "CodeSystem").values()
    (theirs,) = official.resources(edition, "CodeSystem").values()
    assert _codes(mine["concept"]) == _codes(theirs["concept"])


def _codes(concepts: list[dict[str, Any]]) -> list[str]:
    return [code for each in concepts for code in (each["code"], *_codes(each.get("concept", [])))]


def test_every_row_on_r4_agrees_with_a_published_element() -> None:
    elements = [
        element
        for edition in shipped.EDITIONS
        for profile in official.profiles(edition).values()
        for element in profile["snapshot"]["element"]
    ]
    modifiers = {each["base"]["path"] for each in elements if each.get("isModifier")}
    bindings = {
        (each["base"]["path"], each["binding"]["strength"], each["binding"].get("valueSet", "").partition("|")[0])
        for each in elements
        if "binding" in each
    }
    rows = r4.table().items()
    assert {path for path, row in rows if row.modifier} <= modifiers
    assert {(path, *row.binding) for path, row in rows if row.binding} <= bindings


@pytest.mark.parametrize(
    ("element", "change", "kind"),
    [
        ("Claim.insurer", {"min": 0}, "cardinality"),
        ("Claim.identifier", {"max": "*"}, "cardinality"),
        ("Claim.use", {"patternCode": "claim"}, "patternCode"),
        ("Claim.patient", {"type": [{"code": "Reference", "targetProfile": [r4.CORE + "Patient"]}]}, "types"),
        ("Claim.type", {"binding": {"strength": "extensible", "valueSet": "http://example.org/v"}}, "binding"),
        ("Claim.status", {"mustSupport": False}, "mustSupport"),
        ("Claim.item", {"constraint": []}, "rule ImmediateLevelOfCare"),
        ("Claim.supportingInfo", {"slicing": {"rules": "closed"}}, "slicing"),
        ("Claim.insurer", {"isModifier": True}, "isModifier"),
        ("Claim.insurer", {"maxLength": 1}, "maxLength"),
    ],
)
def test_a_change_to_one_element_is_a_difference(element: str, change: dict[str, Any], kind: str) -> None:
    profile = shipped.resources("2.2.1", "StructureDefinition")["profile-claim"]
    changed = [each | change if each["id"] == element else each for each in profile["differential"]["element"]]
    theirs = published(official.profiles("2.2.1")["profile-claim"])
    assert differences(ours({"differential": {"element": changed}}), theirs) == {(element, kind)}
