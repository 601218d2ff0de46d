"""Read an inquiry Bundle into the criteria of an inquiry by example.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-inquiry-request-bundle
"""

from __future__ import annotations

from msgspec import Struct, structs

from app.codes import pas
from app.domain.datatypes import Period
from app.domain.inquiry.criteria import Inquiry, ItemCriteria
from app.domain.parts.transmission import Transmission
from app.fhir.body import Checked
from app.fhir.bundle import BundleIndex
from app.fhir.element import Element
from app.fhir.extension import Extensions, extensions_of
from app.fhir.outcome import Issue
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.read_claim_header import level_of_service, provider_references
from app.pas.parts.read_header import read_care_team, read_diagnoses, read_supporting
from app.pas.parts.read_item import trace_numbers
from app.pas.parts.read_line import check_sequences, modifiers, read_service
from app.pas.parts.read_transmission import read_transmission
from app.pas.parts.read_types import CONCEPT, amount, codings, first_code, first_coding, period, single_coding, timing
from app.pas.read_frame import read_frame, read_parties


class SubmittedInquiry(Struct, frozen=True):
    """An inquiry as read, with the index of its Bundle and the client's references for the answer."""

    inquiry: Inquiry
    face: Face
    warnings: tuple[Issue, ...]
    index: BundleIndex
    transmission: Transmission | None = None


def read_inquiry(checked: Checked, edition: Edition) -> SubmittedInquiry:
    """Read an inquiry Bundle. Raises FhirError UNPROCESSABLE with all issues, including those of the engine."""
    frame = read_frame(checked, edition)
    claim = frame.claim.resource
    parties = read_parties(frame)
    team = read_care_team(frame.entries, frame.claim, edition.npi_severity)
    extensions = extensions_of(claim)
    elements = claim.many("item")
    check_sequences(elements)
    supporting = read_supporting(claim)
    inquiry = Inquiry(
        member=parties.member,
        insurer=parties.insurer,
        requestor=parties.requestor,
        rendering=tuple(dict.fromkeys(provider.npi for provider in team.values())),
        number=extensions.text(_NUMBER),
        administration_number=extensions.text(_ADMINISTRATION),
        diagnoses=tuple(code for codes in read_diagnoses(frame.entries, frame.claim).values() for code in codes),
        serviced=period(claim.one("billablePeriod")),
        event=supporting.period,
        discharge=None if supporting.stay is None else supporting.stay.discharge,
        certification_type=first_code(extensions.first(_CERTIFICATION_TYPE), CONCEPT),
        urgency=level_of_service(extensions),
        items=tuple(_read_criteria(element) for element in elements),
    )
    face = structs.replace(parties.face, providers=provider_references(team.values()))
    return SubmittedInquiry(inquiry, face, frame.issues.warnings(), frame.entries.index, read_transmission(claim))


def _read_criteria(item: Element) -> ItemCriteria:
    """Read the criteria of an item. A product or service of `not-applicable` is not a criterion."""
    extensions = extensions_of(item)
    return ItemCriteria(
        services=read_service(item),
        service_end=first_coding(extensions.first(_SERVICE_END), CONCEPT),
        service_types=codings(item, "category"),
        serviced=timing(item, "servicedDate", "servicedPeriod"),
        modifiers=modifiers(item),
        place=single_coding(item, "locationCodeableConcept"),
        quantity=amount(item.one("quantity"))[0],
        trace_numbers=trace_numbers(extensions),
        request_type=first_code(extensions.first(_REQUEST_TYPE), CONCEPT),
        certification_type=first_code(extensions.first(_CERTIFICATION_TYPE), CONCEPT),
        review_action=first_code(extensions.first(_REVIEW_ACTION), CONCEPT),
        number=extensions.text(_NUMBER),
        administration_number=extensions.text(_ADMINISTRATION),
        issued=_dated(extensions, "extension-itemCertificationIssueDate"),
        effective=_dated(extensions, "extension-itemCertificationEffectiveDate"),
        expires=_dated(extensions, "extension-itemCertificationExpirationDate"),
    )


def _dated(extensions: Extensions, name: str) -> Period | None:
    extension = extensions.first(pas(name))
    return None if extension is None else timing(extension, "valueDate", "valuePeriod")


_NUMBER = pas("extension-authorizationNumber")
_ADMINISTRATION = pas("extension-administrationReferenceNumber")
_SERVICE_END = pas("extension-productOrServiceCodeEnd")
_REQUEST_TYPE = pas("extension-serviceItemRequestType")
_CERTIFICATION_TYPE = pas("extension-certificationType")
_REVIEW_ACTION = pas("extension-reviewActionCode")
