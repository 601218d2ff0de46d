"""What this server says that it can do, in the edition that is asked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from app.conformance.definitions.packages import shipped
from app.conformance.files import folder
from app.settings import release


def capability_statement(edition_version: str, base_url: str) -> dict[str, Any]:
    """Return the CapabilityStatement of an edition, for the server at `base_url`.

    Its date is the day the file was written; it changes with the content, not with the request.
    http://hl7.org/fhir/R4/capabilitystatement.html. Raises FileNotFoundError for an edition that has none.
    """
    published = _published(f"CapabilityStatement-preauth-{edition_version}.json")
    software = {**published["software"], "version": release()}
    implementation = {**published["implementation"], "url": base_url}
    return {**published, "software": software, "implementation": implementation}


def definitions(edition_version: str) -> Iterator[dict[str, Any]]:
    """Give every definition that an edition goes by: our own, then the profiles, value sets and codes of the guide."""
    for file in sorted(folder("capability").glob("*.json")):
        if not file.name.startswith("CapabilityStatement-"):
            yield _published(file.name)
    yield from shipped(edition_version)


@cache
def _published(name: str) -> dict[str, Any]:
    """Read a file of the folder `capability` once; nobody may change what is returned."""
    return msgspec.json.decode((folder("capability") / name).read_bytes(), type=dict[str, Any])
