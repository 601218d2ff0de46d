import importlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from app.conformance import files
from app.conformance.admission import edition_validator
from app.conformance.capability import capability_statement
from app.conformance.strictness import Level
from app.search.canonicals import DEFINED, DEFINITION_PARAMETERS
from app.search.parameters import COMMON, OWN, PARAMETERS

EDITIONS = ("2.2.1", "2.0.1")
FILES = sorted(files.folder("capability").glob("*.json"))


def content(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_published_definition_is_valid_and_named_by_its_type_and_id(file: Path) -> None:
    resource = content(file)
    type_ = resource["resourceType"]
    assert edition_validator("2.2.1").validate(resource, level=Level.STRICT) == ()
    getattr(importlib.import_module(f"fhir.resources.R4B.{type_.lower()}"), type_).model_validate(resource)
    assert file.stem == f"{type_}-{resource['id']}"
    assert resource["url"] == f"https://preauth.example.org/fhir/{type_}/{resource['id']}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_statement_has_the_url_the_date_and_the_software(edition: str) -> None:
    statement = capability_statement(edition, "http://127.0.0.1:8000/fhir")
    assert statement["implementation"]["url"] == "http://127.0.0.1:8000/fhir"
    assert (
        statement["date"] == content(files.folder("capability") / f"CapabilityStatement-preauth-{edition}.json")["date"]
    )
    assert statement["software"] == {"name": "preauth", "version": version("preauth")}
    assert statement["implementationGuide"][0].endswith(f"|{edition}")
    again = capability_statement(edition, "http://other.example.org/fhir")
    assert statement["implementation"]["url"] != again["implementation"]["url"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_promised_search_parameters_are_those_of_the_table(edition: str) -> None:
    [rest] = capability_statement(edition, "http://127.0.0.1:8000/fhir")["rest"]
    promised = {
        resource["type"]: {(row["name"], row["type"], row["definition"]) for row in resource["searchParam"]}
        for resource in rest["resource"]
        if "searchParam" in resource
    }
    assert promised == {
        type_: {(row.name, row.kind.value, row.definition) for row in (*COMMON, *rows)}
        for type_, rows in PARAMETERS.items()
    } | {type_: {(row.name, row.kind.value, row.definition) for row in DEFINITION_PARAMETERS} for type_ in DEFINED}


def test_our_own_search_parameters_are_published() -> None:
    own = {
        row.definition: (type_, row.name)
        for type_, rows in PARAMETERS.items()
        for row in rows
        if row.definition.startswith(OWN)
    }
    published = {
        resource["url"]: (resource["base"][0], resource["code"])
        for resource in map(content, FILES)
        if resource["resourceType"] == "SearchParameter"
    }
    assert own == published


def test_an_edition_that_is_not_published_has_no_statement() -> None:
    with pytest.raises(FileNotFoundError):
        capability_statement("1.0.0", "http://127.0.0.1:8000/fhir")


def test_a_folder_that_the_installation_lacks_is_named() -> None:
    assert (files.folder("profiles") / "README.md").is_file()
    with pytest.raises(FileNotFoundError, match="no-such-folder"):
        files.folder("no-such-folder")
