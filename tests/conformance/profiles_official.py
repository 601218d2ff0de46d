"""The published packages of the two editions, read out of their archives."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.support.packages import package_members


@cache
def resources(edition: str, kind: str) -> dict[str, dict[str, Any]]:
    """Return the package's resources of a type by id."""
    read = (json.loads(text) for _, text in package_members(edition, f"{kind}-"))
    return {resource["id"]: resource for resource in read}


@cache
def profiles(edition: str) -> dict[str, dict[str, Any]]:
    """Return the package's profiles and extensions by id; a logical model such as the metrics' is none."""
    found = resources(edition, "StructureDefinition")
    return {name: profile for name, profile in found.items() if profile["kind"] != "logical"}
