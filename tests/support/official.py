"""The published example Bundles of both editions, read out of their packages."""

from __future__ import annotations

import json
import os
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("PREAUTH_SHARED", Path(__file__).parents[3] / "shared"))
PACKAGES = SHARED / "packages"


@cache
def examples(version: str) -> dict[str, dict[str, Any]]:
    """Return the example Bundles of an edition that begin with a Claim, by name."""
    found: dict[str, dict[str, Any]] = {}
    with tarfile.open(PACKAGES / f"hl7.fhir.us.davinci-pas-{version}.tgz") as package:
        for member in package.getmembers():
            file = package.extractfile(member) if "/example/Bundle-" in member.name else None
            if file is not None:
                bundle = json.load(file)
                if bundle["entry"][0]["resource"]["resourceType"] == "Claim":
                    found[Path(member.name).stem] = bundle
    return found


def parameters(*, inquiry: bool) -> list[Any]:
    """Return (version, name) of every request, or every inquiry; one skipped parameter without the packages."""
    if not PACKAGES.is_dir():
        return [pytest.param("", "", id="none", marks=pytest.mark.skip("PREAUTH_SHARED holds no packages"))]
    return [
        pytest.param(version, name, id=f"{version}-{name}")
        for version in ("2.2.1", "2.0.1")
        for name in examples(version)
        if ("Inquiry" in name) == inquiry
    ]
