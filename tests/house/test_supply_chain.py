"""Dependencies are pinned by hash, above the versions with advisories, and looked up among vulnerabilities."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import requires
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.code import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = [".ci/image.lock", ".ci/build.lock", ".ci/tools.lock"]
TODAY = date(2026, 1, 1)

ADVISORIES = {
    "cryptography": "49.0.0",  # CVE-2026-69247: a padding oracle in PKCS 7
    "h11": "0.15.0",  # CVE-2025-43859: lenient chunks
    "idna": "3.6",  # CVE-2024-3651: quadratic time
    "jinja2": "3.1.5",  # CVE-2025-27516: a way out of the sandbox
    "pymongo": "4.6.2",  # CVE-2024-5629: a read out of bounds in bson
    "starlette": "1.3.0",  # CVE-2026-54283: forms without limits; CVE-2026-48710: hosts; CVE-2025-62727: ranges
}
"""The last release with a published advisory that a server like this one could meet."""


def pins(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"(?m)^([\w.-]+)==([\w.]+)", text)}


@pytest.mark.acceptance("I83")
@pytest.mark.parametrize("file", LOCKS)
def test_every_line_of_a_lock_has_a_version_and_hashes(file: str) -> None:
    text = re.sub(r"\\\n\s*", "", (ROOT / file).read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.-]+==[\w.]+ (--hash=sha256:[0-9a-f]{64} ?)+", line), line


@pytest.mark.acceptance("I83")
@pytest.mark.parametrize("file", LOCKS[:2])
def test_a_lock_has_the_versions_that_the_tests_run_with(file: str) -> None:
    assert pins(file).items() <= pins("constraints.txt").items()


@pytest.mark.acceptance("I83")
def test_the_lock_has_the_packages_of_the_server_and_no_other() -> None:
    assert set(pins(".ci/image.lock")) == set(closure(PROJECT["dependencies"]))


def closure(requirements: list[str]) -> Iterator[str]:
    """Yield the names of all packages that the requirements lead to on Linux."""
    waiting, seen = [Requirement(text) for text in requirements], set()
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        yield key[0]
        for text in requires(wanted.name) or ():
            needed = Requirement(text)
            surroundings = [{"extra": extra} for extra in ("", *wanted.extras)]
            if needed.marker is None or any(needed.marker.evaluate(given) for given in surroundings):
                waiting.append(needed)


@pytest.mark.acceptance("I83")
@pytest.mark.parametrize(("name", "vulnerable"), ADVISORIES.items())
def test_the_lower_bound_excludes_versions_with_advisories(name: str, vulnerable: str) -> None:
    bounds = {requirement.name: requirement for requirement in map(Requirement, PROJECT["dependencies"])}
    assert Version(vulnerable) not in bounds[name].specifier
    assert Version(pins(".ci/image.lock")[name]) in bounds[name].specifier


@pytest.mark.acceptance("I83")
def test_no_file_of_the_program_imports_a_dangerous_parser() -> None:
    dangerous = re.compile(r"(?m)^\s*(?:import|from) (?:xml|lxml|pickle|marshal|shelve|yaml|dill)\b|yaml\.load\(")
    files = [file for file in (ROOT / "app").rglob("*.py") if dangerous.search(file.read_text(encoding="utf-8"))]
    # Narratives are checked tag by tag with expat, which loads nothing; their declarations are refused.
    assert files == [ROOT / "app/conformance/checks/xhtml.py"]


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci/audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages})


CLEAN = {"name": "h11", "version": "1", "vulns": []}
VULNERABLE = {"name": "idna", "version": "1", "vulns": [{"id": "PYSEC-2026-1"}]}
SKIPPED = {"name": "httpx", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (report(CLEAN), 0, "No known vulnerability in 1 packages; 0 waived."),
        (report(CLEAN, VULNERABLE), 1, "idna: PYSEC-2026-1"),
        (report(VULNERABLE, SKIPPED), 1, "idna: PYSEC-2026-1"),
        (report(CLEAN, SKIPPED), 3, "COULD NOT CHECK 1 of 2 packages: the index has no data."),
        (report(), 3, "COULD NOT CHECK 0 of 0 packages: the index has no data."),
        ("", 3, "COULD NOT CHECK: pip-audit gave no report. Run it again with network."),
    ],
)
def test_an_audit_without_answers_differs_from_a_clean_audit(
    audit: ModuleType, text: str, code: int, said: str
) -> None:
    assert audit.verdict(text, {}, TODAY) == ([said], code)


@pytest.mark.parametrize(
    ("waiver", "code"),
    [
        ({"reason": "not reachable", "until": TODAY}, 0),
        ({"reason": "not reachable", "until": date(2025, 12, 31)}, 1),
        ({"reason": "", "until": TODAY}, 1),
    ],
)
def test_a_waiver_has_a_reason_and_ends_on_a_day(audit: ModuleType, waiver: dict[str, Any], code: int) -> None:
    assert audit.verdict(report(VULNERABLE), {"PYSEC-2026-1": waiver}, TODAY)[1] == code


def test_the_commands_of_the_supply_chain_can_be_run() -> None:
    assert os.access(ROOT / ".ci/supply", os.X_OK)
    makefile = Path(ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("lock", "sbom", "audit"):
        assert f"\n{command}:" in makefile
        assert f".ci/supply {command}" in makefile
