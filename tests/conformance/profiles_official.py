"""The published packages of the two editions, read out of their archives."""

from __future__ import annotations

import json
import os
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PACKAGES = Path(os.environ.get("PREAUTH_SHARED", Path(__file__).parents[3] / "shared")) / "packages"

needs_packages = pytest.mark.skipif(not PACKAGES.is_dir(), reason="PREAUTH_SHARED holds no packages")


@cache
def resources(edition: str, kind: str) -> dict[str, dict[str, Any]]:
    """Return the package's resources of a type by id."""
    found: dict[str, dict[str, Any]] = {}
    with tarfile.open(PACKAGES / f"hl7.fhir.us.davinci-pas-{edition}.tgz") as package:
        for member in package.getmembers():
            file = package.extractfile(member) if member.name.startswith(f"package/{kind}-") else None
            if file is not None:
                resource = json.load(file)
                found[resource["id"]] = resource
    return found


@cache
def profiles(edition: str) -> dict[str, dict[str, Any]]:
    """Return the package's profiles and extensions by id; a logical model such as the metrics' is none."""
    found = resources(edition, "StructureDefinition")
    return {name: profile for name, profile in found.items() if profile["kind"] != "logical"}
