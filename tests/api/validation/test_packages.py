"""An operator's packages: only pinned ones are loaded, and their profiles are checked like the shipped ones."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.composition import conformance
from app.conformance.definitions.node import NotUnderstood
from app.conformance.definitions.packages import PackageRefused
from app.main import create_app
from app.settings import Settings
from tests.api.operations.test_validate_command import run
from tests.api.reading import Json, answered, issues
from tests.api.refusing import refusal
from tests.house.code import ROOT
from tests.support.environment import plain_environment
from tests.support.official import needs_packages
from tests.support.packages import package_file
from tests.support.process import serve_command
from tests.support.samples import entry, request_bundle, supporting_document
from tests.support.server import serving
from tests.unit.conformance.test_packages import package

US_CORE = "http://hl7.org/fhir/us/core"
PROCEDURE = f"{US_CORE}/StructureDefinition/us-core-procedure"
OTHERS = {
    "allergyintolerance": "AllergyIntolerance",
    "condition-encounter-diagnosis": "Condition",
    "condition-problems-health-concerns": "Condition",
    "diagnosticreport-lab": "DiagnosticReport",
    "immunization": "Immunization",
    "medicationrequest": "MedicationRequest",
    "observation-clinical-result": "Observation",
    "questionnaireresponse": "QuestionnaireResponse",
    "servicerequest": "ServiceRequest",
    "simple-observation": "Observation",
    "vital-signs": "Observation",
}
"""What a request may be informed by beside procedures."""


def definition(name: str, type_: str, *elements: Json) -> Json:
    return {
        "resourceType": "StructureDefinition",
        "url": f"{US_CORE}/StructureDefinition/us-core-{name}",
        "version": "9.9.9",
        "type": type_,
        "kind": "resource",
        "derivation": "constraint",
        "baseDefinition": f"http://hl7.org/fhir/StructureDefinition/{type_}",
        "differential": {"element": list(elements)},
    }


DATED = definition(
    "procedure", "Procedure", {"id": "Procedure.performed[x]", "path": "Procedure.performed[x]", "min": 1}
)
"""A profile that the shipped ones name as a target, and do not bring."""


def written(folder: Path, first: bytes = json.dumps(DATED).encode(), more: Mapping[str, bytes] | None = None) -> Path:
    """Write US Core in miniature, `first` being what it says of procedures, as the package in a folder of its own."""
    folder.mkdir(exist_ok=True)
    manifest = json.dumps({"name": "small", "canonical": US_CORE}).encode()
    members = {"package/package.json": manifest, "package/StructureDefinition-procedure.json": first}
    for name, type_ in OTHERS.items():
        members[f"package/StructureDefinition-{name}.json"] = json.dumps(definition(name, type_)).encode()
    return package(folder, members | dict(more or {}))


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def settings(data: Path, file: Path, pin: str | None) -> Settings:
    pins = {} if pin is None else {file.name: pin}
    return Settings(data=data, store="memory", packages=file.parent, package_sha256=pins)


def with_procedure(**elements: str) -> Json:
    """Build a request that an earlier procedure comes with."""
    procedure = {
        "resourceType": "Procedure",
        "status": "completed",
        "subject": {"reference": "Patient/patient-1"},
        **elements,
    }
    claim = {"supportingInfo": [supporting_document("Procedure/procedure-1")]}
    return request_bundle(entries=[entry("Procedure/procedure-1", procedure)], claim=claim)


@pytest.mark.requirement("pas-2.2.1/spec-19")
async def test_the_server_checks_a_package_profile_that_a_shipped_profile_requires(tmp_path: Path) -> None:
    file = written(tmp_path / "packages")
    engine = conformance(settings(tmp_path, file, sha256(file)))
    async with serving(tmp_path) as without:
        assert answered(await without.post("/Claim/$submit", with_procedure()))
    async with serving(tmp_path, conformance=engine) as server:
        found = refusal(await server.post("/Claim/$submit", with_procedure()))
        assert (found.status, found.places) == (422, ("Bundle.entry[7].resource.performed",))
        assert answered(await server.post("/Claim/$submit", with_procedure(performedDateTime="2025-11-01")))


async def test_a_client_can_validate_against_a_profile_of_a_package(tmp_path: Path) -> None:
    file = written(tmp_path / "packages")
    procedure = with_procedure()["entry"][7]["resource"]
    path = f"/Procedure/$validate?profile={PROCEDURE}"
    async with serving(tmp_path) as without:
        assert (await without.post(path, procedure)).status_code == 422
    async with serving(tmp_path, conformance=conformance(settings(tmp_path, file, sha256(file)))) as server:
        answer = await server.post(path, procedure)
        assert answer.status_code == 200
        assert [one["expression"] for one in issues(answer)] == [["Procedure.performed"]]


@pytest.mark.parametrize("pin", [None, "0" * 64])
def test_a_package_with_another_digest_is_named_with_its_sha256(tmp_path: Path, pin: str | None) -> None:
    file = written(tmp_path / "packages")
    with pytest.raises(PackageRefused) as refused:
        create_app(settings(tmp_path, file, pin))
    [sentence] = str(refused.value).splitlines()
    assert str(file) in sentence
    assert sha256(file) in sentence


def test_a_pin_without_its_package_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "packages")
    pins = {file.name: sha256(file), "other.tgz": "0" * 64}
    for given in ({"packages": file.parent, "package_sha256": pins}, {"package_sha256": {"other.tgz": "0" * 64}}):
        with pytest.raises(PackageRefused, match=r"other\.tgz is pinned"):
            create_app(Settings.model_validate({"data": tmp_path, "store": "memory", **given}))
    with pytest.raises(PackageRefused, match="must be a folder of packages"):
        create_app(Settings(data=tmp_path, store="memory", packages=tmp_path / "none"))


@pytest.mark.parametrize(
    "first",
    [
        b"{",
        {name: value for name, value in DATED.items() if name != "type"},
        DATED | {"type": "Insurance"},
        DATED | {"differential": {"element": [{"id": "Procedure.code", "path": "Procedure.code", "min": "one"}]}},
        DATED | {"baseDefinition": f"{US_CORE}/StructureDefinition/none"},
    ],
    ids=["no JSON", "no type", "of no type of R4", "a bound that is a text", "of an unknown parent"],
)
def test_an_invalid_definition_is_refused(tmp_path: Path, first: Json | bytes) -> None:
    file = written(tmp_path / "packages", first if isinstance(first, bytes) else json.dumps(first).encode())
    with pytest.raises((PackageRefused, NotUnderstood)):
        create_app(settings(tmp_path, file, sha256(file)))


def test_the_server_ignores_links_and_file_names_outside_the_package(tmp_path: Path) -> None:
    bad = {
        "../../StructureDefinition-a.json": b"{",
        "/etc/StructureDefinition-b.json": b"{",
        "package/../../ValueSet-c.json": b"{",
        "package/StructureDefinition-d.json->": b"",
    }
    file = written(tmp_path / "packages", more=bad)
    before = sorted(tmp_path.rglob("*"))
    engine = conformance(settings(tmp_path, file, sha256(file)))
    assert sorted(tmp_path.rglob("*")) == before
    assert all(one.knows(PROCEDURE) for one in engine.editions.values())


@needs_packages
async def test_a_published_package_loads_and_does_not_change_an_answer(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    folder.mkdir()
    file = Path(shutil.copy(package_file("2.2.1"), folder))
    engine = conformance(settings(tmp_path, file, sha256(file)))
    async with serving(tmp_path) as without, serving(tmp_path, conformance=engine) as server:
        answers = [(await one.post("/Claim/$submit", request_bundle())).text for one in (without, server)]
    assert answers[0] == answers[1]


def surroundings(file: Path, pins: dict[str, str]) -> dict[str, str]:
    kept = plain_environment()
    return kept | {"PREAUTH_PACKAGES": str(file.parent), "PREAUTH_PACKAGE_SHA256": json.dumps(pins)}


@pytest.mark.slow
def test_serve_ends_with_one_sentence_that_names_the_digest_to_pin(tmp_path: Path) -> None:
    file = written(tmp_path / "packages")
    ended = subprocess.run(
        serve_command(tmp_path), cwd=ROOT, env=surroundings(file, {}), capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == f"{file} must be pinned by its sha256, which is {sha256(file)}.\n"


def test_the_check_command_uses_the_packages_of_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, checked = written(tmp_path / "packages"), tmp_path / "procedure.json"
    checked.write_text(json.dumps(with_procedure()["entry"][7]["resource"]))
    assert run(checked, "--profile", PROCEDURE)[0] == 2
    monkeypatch.setenv("PREAUTH_PACKAGES", str(file.parent))
    code, output = run(checked, "--profile", PROCEDURE)
    assert (code, sha256(file) in output) == (2, True)
    monkeypatch.setenv("PREAUTH_PACKAGE_SHA256", json.dumps({file.name: sha256(file)}))
    code, output = run(checked, "--profile", PROCEDURE)
    assert code == 1
    assert "Procedure.performed" in output
