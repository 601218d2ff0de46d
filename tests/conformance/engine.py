"""The engine of each edition, made once for all tests, and the published examples to run it on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.codes import PAS
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.packages import edition_definitions, read_package
from app.conformance.validator import Validator
from app.fhir.json import read
from tests.support.official import skipped
from tests.support.packages import package_file, package_members, present

EDITIONS = ("2.2.1", "2.0.1")


@cache
def definitions(edition: str) -> Definitions:
    """Return what is shipped of an edition."""
    return edition_definitions(edition)


@cache
def validator(edition: str) -> Validator:
    """Return the engine of an edition, with the profiles that are shipped."""
    return Validator(definitions(edition))


@cache
def by_snapshots(edition: str) -> Validator:
    """Return the engine with the published snapshots in place of the shipped profiles."""
    package = read_package(package_file(edition))
    return Validator(Definitions(package, [PAS]))


@cache
def examples(edition: str) -> dict[str, bytes]:
    """Return all examples of an edition's package, as bytes, by file name."""
    return {Path(name).stem: text for name, text in package_members(edition, "example/")}


def example_parameters() -> list[Any]:
    """Return (edition, name) of every example; one skipped parameter without the packages."""
    if not present():
        return [skipped]
    return [pytest.param(edition, name, id=f"{edition}-{name}") for edition in EDITIONS for name in examples(edition)]


def example(edition: str, name: str) -> dict[str, Any]:
    """Return an example as the server reads it."""
    return read(examples(edition)[name])


def declared(resource: dict[str, Any], known_by: Validator) -> str | None:
    """Return the profile that a resource declares, if it is one of the edition's."""
    profiles = resource.get("meta", {}).get("profile", [])
    return next((profile for profile in profiles if known_by.knows(profile)), None)
