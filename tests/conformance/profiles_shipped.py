"""The files of `profiles/`, read."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from app.conformance.files import folder
from app.pas import edition as pas

EDITIONS = tuple(pas.EDITIONS)


@cache
def resources(edition: str, kind: str) -> dict[str, dict[str, Any]]:
    """Return the edition's resources of a type by id."""
    files = sorted((folder("profiles") / f"davinci-pas-{edition}").glob(f"{kind}-*.json"))
    return {resource["id"]: resource for resource in (json.loads(file.read_text(encoding="utf-8")) for file in files)}
