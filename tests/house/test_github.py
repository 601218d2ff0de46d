"""The files for contributors are valid: the workflow, the issue forms, the pre-commit hooks and the pages they name."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.house.code import ROOT, place

Json = dict[str, Any]

FORMS = sorted(file for file in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if file.name != "config.yml")
YAML_FILES = (*sorted((ROOT / ".github").rglob("*.yml")), ROOT / ".pre-commit-config.yaml")
PAGES = sorted(ROOT.glob("*.md"))

ELEMENTS = frozenset({"markdown", "textarea", "input", "dropdown", "checkboxes"})
"""https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema"""


def load(file: Path) -> Json:
    content: Json = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("file", YAML_FILES, ids=place)
def test_every_file_is_a_yaml_mapping(file: Path) -> None:
    assert isinstance(load(file), dict)


def test_the_workflow_runs_the_command_of_developers() -> None:
    workflow = load(ROOT / ".github/workflows/ci.yml")
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands == [".ci/run", "make coverage", ".ci/supply audit", ".ci/supply sbom", ".ci/image"]
    assert all(os.access(ROOT / command.split()[0], os.X_OK) for command in commands if command.startswith(".ci"))
    assert workflow["permissions"] == {"contents": "read"}
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]) for step in steps if "uses" in step)


def test_the_workflow_begins_with_the_oldest_python_that_is_supported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    job = load(ROOT / ".github/workflows/ci.yml")["jobs"]["run"]
    oldest, *_ = job["strategy"]["matrix"]["python"]
    assert project["project"]["requires-python"] == f">={oldest}"


@pytest.mark.parametrize("form", FORMS, ids=place)
def test_a_form_has_known_elements_with_ids_of_their_own(form: Path) -> None:
    content = load(form)
    assert content["name"]
    assert content["description"]
    asked = [element for element in content["body"] if element["type"] != "markdown"]
    assert {element["type"] for element in content["body"]} <= ELEMENTS
    assert len({element["id"] for element in asked}) == len(asked)
    assert all(element["attributes"]["label"] for element in asked)


@pytest.mark.parametrize("form", FORMS, ids=place)
def test_a_form_asks_to_leave_patient_data_out(form: Path) -> None:
    [privacy] = [element for element in load(form)["body"] if element.get("id") == "no-patient-data"]
    [option] = privacy["attributes"]["options"]
    assert "no patient data" in option["label"]
    assert option["required"] is True


def test_the_hooks_run_installed_tools_and_download_nothing() -> None:
    [source] = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert source["repo"] == "local"
    hooks = {hook["id"]: hook for hook in source["hooks"]}
    assert {hook["language"] for hook in hooks.values()} == {"system", "pygrep"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    programs = [hook["entry"].split()[0] for hook in hooks.values() if hook["language"] == "system"]
    assert all(program.replace(".venv/bin", "$(BIN)") in makefile for program in programs)


@pytest.mark.parametrize(
    ("message", "too_long"),
    [("x" * 60, False), ("x" * 61, True), ("Short\n\n" + "x" * 80, False)],
)
def test_the_hook_on_commit_subjects_counts_the_first_line_only(message: str, too_long: bool) -> None:
    [source] = load(ROOT / ".pre-commit-config.yaml")["repos"]
    [hook] = [hook for hook in source["hooks"] if hook["id"] == "commit-subject"]
    assert (re.search(hook["entry"], message, re.DOTALL | re.MULTILINE) is not None) is too_long


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_every_file_that_a_page_links_to_exists(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_source_distribution_carries_every_page_of_the_root() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {page.name for page in PAGES} <= set(project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])
