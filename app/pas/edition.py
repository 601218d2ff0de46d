"""The published versions of Da Vinci PAS that this server speaks, and in what they differ."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from app.codes import pas


class InquiryShape(StrEnum):
    """What `$inquire` answers with: one Bundle a match in Parameters, or one Bundle with all of them."""

    PARAMETERS = "parameters"
    BUNDLE = "bundle"


class Edition(Struct, frozen=True):
    """A published version of PAS.

    `npi_severity` is what an NPI with a wrong check digit is (the examples of 2.0.1 carry such numbers).
    `modified_in_add_item` says where a modified item tells what was authorized: in an addItem, and then its
    itemAuthorizedDetail repeats the request; or in the latter itself.
    """

    version: str
    inquiry: InquiryShape
    npi_severity: str
    names_reviewer: bool
    modified_in_add_item: bool
    request_bundle: str = pas("profile-pas-request-bundle")
    inquiry_bundle: str = pas("profile-pas-inquiry-request-bundle")
    response_bundle: str = pas("profile-pas-response-bundle")
    inquiry_response_bundle: str = pas("profile-pas-inquiry-response-bundle")
    claim_response: str = pas("profile-claimresponse")
    inquiry_response: str = pas("profile-claiminquiryresponse")


EDITIONS = {
    row.version: row
    for row in (
        Edition("2.2.1", InquiryShape.PARAMETERS, "error", names_reviewer=True, modified_in_add_item=True),
        Edition("2.0.1", InquiryShape.BUNDLE, "warning", names_reviewer=False, modified_in_add_item=False),
    )
}
"""The editions by version; the first is the default."""


def edition(version: str) -> Edition:
    """Return the edition of that version. Raises KeyError for a version that is not spoken here."""
    return EDITIONS[version]
