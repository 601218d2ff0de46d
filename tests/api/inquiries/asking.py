"""Build the criteria of an inquiry, and read the ids that it gets."""

from __future__ import annotations

from typing import Any

from tests.api.reading import returned
from tests.support.samples import concept, inquiry_bundle
from tests.support.server import Server

Json = dict[str, Any]

ABSENT = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")
ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm"


def criteria(*extensions: Json, service: Json = ABSENT, **elements: Any) -> Json:
    """Build an item of an inquiry that asks for what is given, and for nothing else."""
    item: Json = {"sequence": 1, "productOrService": service, **elements}
    return {**item, "extension": list(extensions)} if extensions else item


async def found(server: Server, **asked: Any) -> set[str]:
    """Return the ids of the ClaimResponses that an inquiry gets."""
    return {one["id"] for one in returned(await server.post("/Claim/$inquire", inquiry_bundle(**asked)))}
