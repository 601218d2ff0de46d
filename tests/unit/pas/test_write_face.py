"""In whose references an answer is kept."""

from __future__ import annotations

from fhir.resources.R4B.claimresponse import ClaimResponse
from msgspec.structs import replace

from app.domain.authorization import UNKNOWN_PAYER, RequestError
from app.domain.datatypes import Identifier
from app.pas.face import server_face
from app.pas.requests.write_claim_response import write_claim_response
from tests.support.answers import CURRENT, DENIED, MODIFIED, as_sent, authorization, submitted
from tests.support.samples import CLIENT, request_bundle

ERROR = RequestError("75", "C", "Bundle.entry[0].resource.insurance[0].coverage", "No member has this id.")


def test_a_stored_resource_refers_to_this_server_and_names_others_by_identifier() -> None:
    request = submitted(request_bundle())
    record = authorization(request, MODIFIED)
    written = as_sent(write_claim_response(record, server_face(record), CURRENT))
    assert ClaimResponse.model_validate(written)
    assert written["patient"] == {"reference": "Patient/patient-id"}
    assert written["insurer"] == {"reference": "Organization/sample-payer"}
    assert written["request"] == {"reference": "Claim/claim-id"}
    assert written["requestor"]["identifier"]["value"] == "1987654328"
    assert written["requestor"]["display"] == "Riverside Therapy"
    assert CLIENT not in str(written)


def test_a_patient_without_a_member_record_has_a_member_id_or_a_display() -> None:
    record = authorization(submitted(request_bundle()), patient="", coverage="", errors=(ERROR,))
    face = server_face(record)
    assert face.patient["identifier"]["value"] == "M001"
    assert face.coverage is None
    nobody = server_face(replace(record, member=replace(record.member, member_id="")))
    assert nobody.patient == {"type": "Patient", "display": "A patient without a member id"}


def test_a_requestor_is_named_by_its_known_identifiers() -> None:
    record = authorization(submitted(request_bundle()), DENIED)
    other = replace(record.requestor, npi=None, name=None)
    assert server_face(replace(record, requestor=other)).requestor == {
        "identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1987654328"}
    }
    nothing = replace(other, identifiers=())
    assert server_face(replace(record, requestor=nothing)).requestor == {"display": "A provider without an identifier"}


def test_a_requestor_without_an_npi_is_named_by_another_identifier() -> None:
    record = authorization(submitted(request_bundle()), DENIED)
    plain = replace(record.requestor, npi=None, identifiers=(Identifier("", "17"),))
    assert server_face(replace(record, requestor=plain)).requestor == {
        "identifier": {"value": "17"}, "display": "Riverside Therapy",
    }  # fmt: skip


def test_an_unknown_payer_has_no_reference() -> None:
    record = authorization(submitted(request_bundle()), patient="", payer=UNKNOWN_PAYER)
    assert "reference" not in server_face(record).insurer
