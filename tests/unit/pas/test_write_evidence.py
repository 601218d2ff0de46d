"""The media type of a document, which its sender chose, becomes a header only in the shape of one."""

from __future__ import annotations

import pytest

from app.conformance.admission import base_validator
from app.pas.asking.write_evidence import EVIDENCE, OCTETS, attached_evidence, binary_of, write_evidence
from tests.support.samples import Json


def document(**attachment: str) -> Json:
    return {"resourceType": "DocumentReference", "content": [{"attachment": attachment}]}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("application/pdf", "application/pdf"),
        ("Text/HTML; charset=utf-8", "text/html"),
        ("image/svg+xml", "image/svg+xml"),
        ("text/html\r\nSet-Cookie: a=b", OCTETS),
        ("text", OCTETS),
        ("", OCTETS),
        ("a/" + "b" * 200, OCTETS),
    ],
)
def test_a_media_type_of_another_shape_becomes_octets(sent: str, shown: str) -> None:
    binary = binary_of(attached_evidence(document(contentType=sent, data="QQ=="), "id", None), 0)
    assert binary is not None
    assert (binary.media_type, binary.data) == (shown, b"A")


@pytest.mark.parametrize("number", [0, 1])
def test_a_document_without_data_here_has_no_bytes(number: int) -> None:
    assert binary_of(attached_evidence(document(url="https://ehr.example.org/1"), "id", None), number) is None


def test_data_in_another_form_than_base64_has_no_bytes() -> None:
    assert binary_of(attached_evidence(document(data="Q"), "id", None), 0) is None


@pytest.mark.parametrize("type_", sorted(EVIDENCE))
def test_the_patient_is_an_element_of_every_type(type_: str) -> None:
    written = write_evidence(attached_evidence({"resourceType": type_}, "id", None), {"reference": "Patient/1"}, "base")
    texts = [issue.text for issue in base_validator().validate(written)]
    assert [text for text in texts if "subject" in text or "patient" in text] == []
