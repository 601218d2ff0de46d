"""The extensions of an answer stand where their definitions have them, without the help of a profile's slice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from app.codes import REVENUE, pas
from app.domain.decision import ItemDecision
from app.pas.edition import Edition
from app.pas.requests.write_claim_response import write_claim_response
from tests.conformance.engine import definitions
from tests.support.answers import (
    CERTIFIED,
    CURRENT,
    DENIED,
    GRANTED,
    MODIFIED,
    OLDER,
    PENDED,
    as_sent,
    authorization,
    submitted,
)
from tests.support.samples import CPT, concept, extension, request_bundle, request_item, x12

_SERVICE_END = pas("extension-productOrServiceCodeEnd")
BY_SLICE_ONLY = {
    ("2.0.1", "ClaimResponse.item", pas("extension-administrationReferenceNumber")),
    ("2.0.1", "ClaimResponse.item.extension", _SERVICE_END),
    ("2.2.1", "ClaimResponse.item.extension", _SERVICE_END),
    ("2.2.1", "ClaimResponse.item.extension", pas("extension-revenueCode")),
    ("2.2.1", "ClaimResponse.addItem", _SERVICE_END),
    ("2.2.1", "ClaimResponse.addItem", pas("extension-serviceItemRequestType")),
    ("2.2.1", "ClaimResponse.addItem", pas("extension-certificationType")),
    ("2.2.1", "ClaimResponse.addItem", pas("extension-revenueUnitRateLimit")),
    ("2.2.1", "ClaimResponse", pas("extension-itemAuthorizedProvider")),
    ("2.2.1", "ClaimResponse.adjudication.extension", pas("extension-reviewActionCode")),
    ("2.2.1", "ClaimResponse.item", pas("extension-communicatedDiagnosis")),
    ("2.0.1", "ClaimResponse.item", pas("extension-communicatedDiagnosis")),
}
"""Where the published context and the published profile contradict each other, and the profile has a place for it."""

LESS_TIME = replace(MODIFIED, granted=GRANTED)


def placed(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path of each element that has an extension of PAS, and the URL."""
    if isinstance(value, list):
        for one in value:
            yield from placed(one, path)
    elif isinstance(value, dict):
        yield from ((path, one["url"]) for one in value.get("extension", ()) if ":" in one["url"])
        for name, inner in value.items():
            yield from placed(inner, f"{path}.{name}")


@pytest.mark.parametrize("edition", [CURRENT, OLDER], ids=lambda edition: edition.version)
@pytest.mark.parametrize("decision", [CERTIFIED, MODIFIED, LESS_TIME, PENDED, DENIED, replace(DENIED, human=True)])
def test_an_answer_has_extensions_only_in_their_contexts(edition: Edition, decision: ItemDecision) -> None:
    item = request_item(unitPrice={"value": 40, "currency": "USD"}, revenue=concept(REVENUE, "0420"))
    item["extension"] += [
        extension("extension-itemTraceNumber", valueIdentifier={"system": "urn:t", "value": "T1"}),
        extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, "97140")),
        extension("extension-epsdtIndicator", valueBoolean=True),
        extension("extension-revenueUnitRateLimit", valueDecimal=120),
        extension("extension-nursingHomeLevelOfCare", valueCodeableConcept=x12("1337", "1")),
    ]
    request = submitted(request_bundle(items=[item]))
    written = as_sent(write_claim_response(authorization(request, decision), request.face, edition))
    found = set(placed(written, "ClaimResponse"))
    assert found
    known = definitions(edition.version)
    misplaced = {(edition.version, path, url) for path, url in found if path not in known.contexts(url).elements}
    assert misplaced <= BY_SLICE_ONLY
