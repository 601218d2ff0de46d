"""The shipped profiles hold together by themselves, without the packages they describe."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from app.conformance.files import folder
from tests.conformance import profiles_shipped as shipped
from tests.conformance.profiles_layout import layout
from tests.conformance.profiles_layout import shipped as files

PAS = "http://hl7.org/fhir/us/davinci-pas/"
CODES = PAS + "CodeSystem/PASTempCodes"

EVERY_FILE = [pytest.param(file, id=f"{file.parent.name}/{file.stem}") for file in files()]
EVERY_PROFILE = [
    pytest.param(profile, id=f"{edition}-{name}")
    for edition in shipped.EDITIONS
    for name, profile in shipped.resources(edition, "StructureDefinition").items()
]


def test_there_is_a_folder_an_edition_and_nothing_else_beside_the_readme() -> None:
    found = {place.name for place in folder("profiles").iterdir()}
    assert found == {"README.md"} | {f"davinci-pas-{edition}" for edition in shipped.EDITIONS}


@pytest.mark.parametrize("file", EVERY_FILE)
def test_a_file_is_laid_out_as_the_layout_writes_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text == layout(json.loads(text))


@pytest.mark.parametrize("file", EVERY_FILE)
def test_a_file_is_a_valid_resource_and_is_named_after_it(file: Path) -> None:
    resource = json.loads(file.read_text(encoding="utf-8"))
    kind, name = resource["resourceType"], resource["id"]
    get_fhir_model_class(kind).model_validate(resource)
    assert file.name == f"{kind}-{name}.json"
    assert resource["url"].endswith(f"/{name}")
    ours = (f"{PAS}{kind}/{name}", f"davinci-pas-{resource['version']}")
    assert (resource["url"], file.parent.name) == ours or not resource["url"].startswith(PAS)


@pytest.mark.parametrize("edition", shipped.EDITIONS)
def test_every_canonical_of_pas_that_is_named_is_defined_in_the_same_edition(edition: str) -> None:
    resources = _edition(edition)
    urls = [resource["url"] for resource in resources]
    named = {text for resource in resources for text in _texts(resource) if text.startswith(PAS)}
    definitions = {text for text in named if re.match(PAS + "(StructureDefinition|ValueSet|CodeSystem)/", text)}
    assert len(urls) == len(set(urls))
    assert definitions <= set(urls)
    assert all("SubscriptionTopic" in text for text in named - definitions)


@pytest.mark.parametrize("edition", shipped.EDITIONS)
def test_every_value_set_that_is_shipped_is_bound_somewhere(edition: str) -> None:
    bound = {text for profile in shipped.resources(edition, "StructureDefinition").values() for text in _texts(profile)}
    assert {each["url"] for each in shipped.resources(edition, "ValueSet").values()} <= bound


@pytest.mark.parametrize("edition", shipped.EDITIONS)
def test_every_code_of_the_ig_that_is_used_is_in_its_code_system(edition: str) -> None:
    (system,) = shipped.resources(edition, "CodeSystem").values()
    defined = {concept["code"] for concept in system["concept"]}
    used = {code for resource in _edition(edition) for code in _codes(resource)}
    assert used
    assert used <= defined


@pytest.mark.parametrize("profile", EVERY_PROFILE)
def test_the_elements_of_a_profile_stand_in_the_order_of_a_tree(profile: dict[str, Any]) -> None:
    elements = profile["differential"]["element"]
    ids = [each["id"] for each in elements]
    assert len(ids) == len(set(ids))
    assert all(each["path"] == re.sub(":[^.]*", "", each["id"]) for each in elements)
    for place, name in enumerate(ids):
        family = [at for at, other in enumerate(ids) if other == name or other.startswith((f"{name}.", f"{name}:"))]
        assert family == list(range(place, place + len(family))), f"{name} does not stand with its own"


@pytest.mark.parametrize("profile", EVERY_PROFILE)
def test_a_slice_is_named_and_follows_the_element_with_its_slicing(profile: dict[str, Any]) -> None:
    sliced: set[str] = set()
    for each in profile["differential"]["element"]:
        of, _, name = each["id"].rpartition(".")[2].partition(":")
        assert each.get("sliceName", "") == name
        assert not name or each["id"].removesuffix(f":{name}") in sliced, (
            f"{each['id']} slices {of}, which is not sliced"
        )
        if "slicing" in each:
            sliced.add(each["id"])


def _edition(edition: str) -> list[dict[str, Any]]:
    kinds = ("StructureDefinition", "ValueSet", "CodeSystem")
    return [resource for kind in kinds for resource in shipped.resources(edition, kind).values()]


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value that is not a rule's expression."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from () if key == "expression" else _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _codes(value: Any) -> Iterator[str]:
    """Yield every code of the IG's own code system, of patterns and of value sets."""
    if isinstance(value, dict):
        if value.get("system") == CODES:
            yield from [value["code"]] if "code" in value else [each["code"] for each in value["concept"]]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _codes(inner)
