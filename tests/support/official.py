"""Read the published example Bundles of both editions from their packages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.packages import package_members, present

SKIP = "the FHIR packages are missing; see `make packages`"

needs_packages = pytest.mark.skipif(not present(), reason=SKIP)
skipped = pytest.param("", "", id="none", marks=pytest.mark.skip(SKIP))
"""Stands in for the parameters (edition, name) of the published examples."""


@cache
def examples(version: str) -> dict[str, dict[str, Any]]:
    """Return the example Bundles of an edition that begin with a Claim, by name."""
    bundles = {Path(name).stem: json.loads(text) for name, text in package_members(version, "example/Bundle-")}
    return {
        name: bundle for name, bundle in bundles.items() if bundle["entry"][0]["resource"]["resourceType"] == "Claim"
    }


def parameters(*, inquiry: bool) -> list[Any]:
    """Return (version, name) of every request, or every inquiry; one skipped parameter without the packages."""
    if not present():
        return [skipped]
    return [
        pytest.param(version, name, id=f"{version}-{name}")
        for version in ("2.2.1", "2.0.1")
        for name in examples(version)
        if ("Inquiry" in name) == inquiry
    ]
