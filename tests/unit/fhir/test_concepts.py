from __future__ import annotations

from typing import Any

import pytest

from app.codes import DATA_ABSENT_REASON
from app.fhir.concepts import codes_of

CPT = "http://www.ama-assn.org/go/cpt"


@pytest.mark.parametrize(
    ("concept", "codes"),
    [
        ({}, []),
        ({"text": "therapy"}, []),
        ({"coding": [{"system": CPT, "code": "97110"}]}, [(CPT, "97110", None)]),
        ({"coding": [{"system": "urn:oid:2.16.840.1.113883.6.12", "code": "97110"}]}, [(CPT, "97110", None)]),
        ({"coding": [{"code": "97110", "display": "Exercises"}]}, [("", "97110", "Exercises")]),
        ({"coding": [{"system": CPT}, {"system": CPT, "code": "97110"}]}, [(CPT, "97110", None)]),
        ({"coding": [{"system": DATA_ABSENT_REASON, "code": "unknown"}]}, []),
    ],
)
def test_a_concept_has_the_codes_of_its_codings(concept: dict[str, Any], codes: list[Any]) -> None:
    assert codes_of(concept) == codes
