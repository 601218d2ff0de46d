"""The Bundle that answers a request: the ClaimResponse, and everything it refers to, as the client sent it.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-response-bundle
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Raw

from app.fhir.bundle import BundleIndex, Entry
from app.fhir.instants import instant
from app.fhir.json import encoded
from app.fhir.references import references
from app.pas.edition import Edition
from app.pas.parts.write_types import Json


def write_response(
    index: BundleIndex,
    claim_response: Json,
    full_url: str,
    timestamp: datetime,
    edition: Edition,
    *,
    asking: Sequence[Json] = (),
) -> Json:
    """Write the response Bundle, with the identifier and the entries of the request's Bundle unchanged.

    The answer to a prior authorization request has the PAS profile, the answer to a billing claim has none. Resources
    in the Bundle are written JSON. `asking` are the entries for the documents that the answer asks for. The echoes come
    last: clients resolve relative references by the last fullUrl.
    """
    own = [encoded(claim_response), *(encoded(entry["resource"]) for entry in asking)]
    urls = [full_url, *(entry["fullUrl"] for entry in asking)]
    entries: list[Json] = [{"fullUrl": url, "resource": Raw(written)} for url, written in zip(urls, own, strict=True)]
    return collection(
        edition.response_bundle if claim_response["use"] == "preauthorization" else None,
        index.bundle.get("identifier"),
        timestamp,
        [*entries, *echoes(index, *own)],
    )


def collection(profile: str | None, identifier: Json | None, timestamp: datetime, entries: list[Json]) -> Json:
    """Write a Bundle of type collection."""
    written: Json = {"resourceType": "Bundle"}
    if profile is not None:
        written["meta"] = {"profile": [profile]}
    if identifier is not None:
        written["identifier"] = identifier
    return {**written, "type": "collection", "timestamp": instant(timestamp), "entry": entries}


def echoes(index: BundleIndex, *written: bytes) -> list[Json]:
    """Return the entries that `written` JSON refers to, directly or through another entry: each once, never a Claim.

    The entries are unchanged: same fullUrl, same content, their resources written JSON.
    """
    echoed: dict[int, Json] = {}
    unread: list[tuple[list[str], Entry | None]] = [(references(part), None) for part in written]
    for urls, source in unread:
        for url in urls:
            entry = index.resolve(url, source)
            if entry is None or entry.container is not None or entry.type == "Claim" or entry.number in echoed:
                continue
            resource = encoded(entry.resource)
            echoed[entry.number] = {**index.bundle["entry"][entry.number], "resource": Raw(resource)}
            if further := references(resource):
                unread.append((further, entry))
    return list(echoed.values())
