"""A warning about evidence that does not count names the evidence to send instead."""

from __future__ import annotations

import pytest

from tests.support.answers import submitted
from tests.support.evidence import attaching, diagnosing, ordering
from tests.support.samples import Json, concept, request_bundle, supporting_document


@pytest.mark.parametrize(
    ("bundle", "next_step"),
    [
        (ordering("ServiceRequest", status="unknown"), "Send an order in force that names the patient."),
        (diagnosing(verificationStatus=concept("urn:any", "refuted")), "Send a valid Condition of the patient."),
        (attaching(status="superseded"), "Send a valid one about the patient, with its content."),
        (
            request_bundle(claim={"supportingInfo": [supporting_document("Organization/clinic-1")]}),
            "NutritionOrder, Observation, Procedure, QuestionnaireResponse or ServiceRequest.",
        ),
    ],
    ids=["order", "diagnosis", "document", "no document"],
)
def test_the_warning_names_the_evidence_to_send(bundle: Json, next_step: str) -> None:
    texts = [issue.text for issue in submitted(bundle).warnings]
    assert [text for text in texts if text.endswith(next_step)]
