"""The Node.js client fhir-kit-client submits a request, inquires about it and searches the answer."""

from __future__ import annotations

import pytest

from tests.clients.conftest import Vendor
from tests.support import node
from tests.support.samples import inquiry_bundle, request_bundle

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("programs of others")]


def test_fhir_kit_client_submits_inquires_and_searches(vendor: Vendor) -> None:
    given = {
        "base": vendor.base,
        "token": vendor.token,
        "request": request_bundle(identifier="fhir-kit-client"),
        "inquiry": inquiry_bundle(),
    }
    answers = node.run("kit.mjs", given)
    number = answers["submitted"]["entry"][0]["resource"]["preAuthRef"]
    assert answers["capabilities"]["fhirVersion"] == "4.0.1"
    assert answers["smart"]["tokenUrl"].endswith("/oauth/token")
    assert number in str(answers["inquired"])
    assert [entry["resource"]["preAuthRef"] for entry in answers["found"]["entry"]] == [number]
    assert answers["read"]["preAuthRef"] == number
