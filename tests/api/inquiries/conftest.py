from __future__ import annotations

from typing import Any

import pytest

from tests.api.inquiries.asking import ICD_10
from tests.api.reading import answered
from tests.support.samples import CPT, POS, concept, request_bundle, request_item, x12
from tests.support.server import Server

Json = dict[str, Any]


@pytest.fixture
async def therapy(server: Server) -> str:
    """Submit a request that is granted; returns its ClaimResponse's id."""
    return str(answered(await server.post("/Claim/$submit", request_bundle(identifier="therapy")))["id"])


@pytest.fixture
async def mri(server: Server) -> Json:
    """Submit a request that is pended, for January; returns its ClaimResponse."""
    about: Json = {
        "category": x12("1365", "4"),
        "modifier": [concept(CPT, "26")],
        "locationCodeableConcept": concept(POS, "22"),
    }
    item = request_item(code="72148", quantity=2, period=("2027-01-10", "2027-01-20"), **about)
    diagnosis = [{"sequence": 1, "diagnosisCodeableConcept": concept(ICD_10, "G35")}]
    bundle = request_bundle(identifier="mri", items=[item], claim={"diagnosis": diagnosis})
    return answered(await server.post("/Claim/$submit", bundle))
