"""The published versions of Da Vinci PAS that this server supports, and their differences."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from app.codes import FORMER_REVENUE, REVENUE, pas


class InquiryShape(StrEnum):
    """The answer to `$inquire`: Parameters with one Bundle for each match, or one Bundle with all matches."""

    PARAMETERS = "parameters"
    BUNDLE = "bundle"


class Edition(Struct, frozen=True):
    """A published version of PAS.

    `npi_severity` is the severity of a wrong check digit in an NPI. The examples of 2.0.1 have such NPIs.
    `full_answers` is true if the answer has places for the transmission identifiers, the review by a person, one
    decision about all items, and the days of a stay.
    `modified_in_add_item` is true if the answer to a modified item has the authorized service in an addItem; its
    itemAuthorizedDetail then repeats the request. Otherwise the itemAuthorizedDetail has the authorized service.
    `notification_contents` are the contents of notifications that a client may ask for.
    `line_at_root` is true if a CommunicationRequest has its line number itself, not in the payload. `task_line` is the
    extension of the line number in a Task, and its value element.
    `revenue_part` is the URL of the revenue code in an itemAuthorizedDetail, `revenue_system` that of its code system.
    """

    version: str
    inquiry: InquiryShape
    npi_severity: str
    full_answers: bool
    modified_in_add_item: bool
    revenue_part: str
    revenue_system: str
    notification_contents: tuple[str, ...]
    line_at_root: bool
    task_line: tuple[str, str]
    request_bundle: str = pas("profile-pas-request-bundle")
    inquiry_bundle: str = pas("profile-pas-inquiry-request-bundle")
    response_bundle: str = pas("profile-pas-response-bundle")
    inquiry_response_bundle: str = pas("profile-pas-inquiry-response-bundle")
    claim_response: str = pas("profile-claimresponse")
    inquiry_response: str = pas("profile-claiminquiryresponse")


EDITIONS = {
    row.version: row
    for row in (
        Edition(
            "2.2.1",
            InquiryShape.PARAMETERS,
            "error",
            full_answers=True,
            modified_in_add_item=True,
            revenue_part=pas("extension-revenueCode"),
            revenue_system=REVENUE,
            notification_contents=("full-resource",),
            line_at_root=True,
            task_line=(pas("extension-serviceLineNumber"), "valuePositiveInt"),
        ),
        Edition(
            "2.0.1",
            InquiryShape.BUNDLE,
            "warning",
            full_answers=False,
            modified_in_add_item=False,
            revenue_part="revenue",
            revenue_system=FORMER_REVENUE,
            notification_contents=("full-resource", "id-only"),
            line_at_root=False,
            task_line=(pas("extension-paLineNumber"), "valueInteger"),
        ),
    )
}
"""The editions by version; the first is the default."""


def edition(version: str) -> Edition:
    """Return the edition of that version. Raises KeyError for an unsupported version."""
    return EDITIONS[version]


def base_path(version: str) -> str:
    """Return the path of an edition's base: `/fhir` for the default edition, else with its version."""
    return "/fhir" if version == next(iter(EDITIONS)) else f"/{version}/fhir"
