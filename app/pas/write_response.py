"""The Bundle that answers a request: the ClaimResponse, and everything it refers to, as the client sent it.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-response-bundle
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Raw

from app.fhir.bundle import based, restful_base
from app.fhir.instants import instant
from app.fhir.json import encoded
from app.fhir.references import references
from app.pas.edition import Edition
from app.pas.parts.write_types import Json


def write_response(bundle: Json, claim_response: Json, full_url: str, timestamp: datetime, edition: Edition) -> Json:
    """Write the response Bundle; `bundle` is the request's, whose identifier and entries are echoed as they came.

    It claims the PAS profile where it answers a prior authorization request, and none where it answers a bill. Its
    resources are JSON already.
    """
    written = encoded(claim_response)
    return collection(
        edition.response_bundle if claim_response["use"] == "preauthorization" else None,
        bundle.get("identifier"),
        timestamp,
        [{"fullUrl": full_url, "resource": Raw(written)}, *echoes(bundle, written)],
    )


def collection(profile: str | None, identifier: Json | None, timestamp: datetime, entries: list[Json]) -> Json:
    """Write a Bundle of type collection."""
    written: Json = {"resourceType": "Bundle"}
    if profile is not None:
        written["meta"] = {"profile": [profile]}
    if identifier is not None:
        written["identifier"] = identifier
    return {**written, "type": "collection", "timestamp": instant(timestamp), "entry": entries}


def echoes(bundle: Json, *written: bytes) -> list[Json]:
    """Return the entries of `bundle` that what is `written` refers to, also through another, each once, never a Claim.

    The entries are the ones that came: same fullUrl, same content, their resources JSON already.
    """
    by_url = {entry["fullUrl"]: entry for entry in reversed(bundle["entry"])}
    found: dict[str, Json] = {}
    unread: list[tuple[list[str], str | None]] = [(references(one), None) for one in written]
    for named, base in unread:
        for reference in named:
            url = based(reference, base)
            entry = None if url is None or url in found else by_url.get(url)
            if url is not None and entry is not None and entry["resource"]["resourceType"] != "Claim":
                resource = encoded(entry["resource"])
                found[url] = {**entry, "resource": Raw(resource)}
                if further := references(resource):
                    unread.append((further, restful_base(url)))
    return list(found.values())
