from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.fhir.json import write
from tests.support.samples import entry, patient, request_bundle, request_item


def run(file: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["validate", str(file), *options])
    return result.exit_code, result.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "resource.json"


def test_a_valid_resource_has_no_errors(file: Path) -> None:
    file.write_text(json.dumps({"resourceType": "Patient", "gender": "female", "birthDate": "1984-05-17"}))
    assert run(file) == (0, f"{file}: 0 errors, 0 warnings\n")


def test_an_error_is_printed_with_its_place_its_text_and_its_rule(file: Path) -> None:
    file.write_text(json.dumps({"resourceType": "Patient", "gender": "sometimes"}))
    code, output = run(file)
    assert code == 1
    assert "Patient.gender" in output
    assert f"{file}: 1 error, 0 warnings" in output


def test_a_bundle_without_profile_is_checked_by_its_first_entry(file: Path) -> None:
    item = request_item()
    del item["category"]
    bundle = request_bundle(items=[item])
    bundle.pop("meta", None)
    file.write_text(write(bundle))
    code, output = run(file)
    assert code == 1
    assert "item[0]" in output
    assert "profile-claim" in output


def test_an_unreadable_file_or_unknown_profile_exits_with_two(file: Path) -> None:
    assert run(file) == (2, f"{file}: No such file or directory.\n")
    assert run(file.parent) == (2, f"{file.parent}: Is a directory.\n")
    file.write_text(json.dumps({"resourceType": "Patient"}))
    unknown = "http://example.org/nowhere"
    assert run(file, "--profile", unknown) == (2, f"The profile {unknown} is unknown.\n")
    file.write_text("{")
    assert run(file)[0] == 1


def test_the_edition_can_be_chosen(file: Path) -> None:
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": 5}))
    assert run(file, "--edition", "2.0.1")[0] == 1
    code, output = run(file, "--edition", "2.1.0")
    assert code == 2
    assert "must be one of 2.2.1, 2.0.1" in output


def test_the_level_is_the_servers_unless_another_is_chosen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = request_bundle(entries=[entry("Patient/stray", patient())])
    file.write_text(write(bundle))
    assert run(file)[0] == 0
    monkeypatch.setenv("PREAUTH_STRICTNESS", "strict")
    assert run(file)[0] == 1
    assert run(file, "--level", "lenient") == (0, f"{file}: 0 errors, 0 warnings\n")


def test_an_unusable_setting_exits_with_two(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(json.dumps({"resourceType": "Patient"}))
    monkeypatch.setenv("PREAUTH_STRICTNESS", "severe")
    code, output = run(file)
    assert code == 2
    assert "PREAUTH_STRICTNESS" in output
