"""Read the documents that are attached to a request: a document counts if it is valid and has content."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from app.codes import URI, pas
from app.domain.datatypes import Coding
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.extension import extensions_of
from app.pas.asking.read_drugs import was_taken
from app.pas.parts.modifier_elements import Doubt
from app.pas.parts.read_types import CONCEPT, codings, distinct
from app.pas.parts.same_patient import doubt_about

SUPPORTING = (
    "AllergyIntolerance",
    "Condition",
    "DeviceRequest",
    "DiagnosticReport",
    "DocumentReference",
    "Immunization",
    "MedicationRequest",
    "NutritionOrder",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
    "ServiceRequest",
)
"""The resource types that PAS allows as additional information, without Bundle: its parts are not read."""

_TYPES = f"{', '.join(SUPPORTING[:-1])} or {SUPPORTING[-1]}"
_INFORMATION = pas("extension-documentInformation")
MOST_CONTROL_NUMBERS = 20
_DOCUMENTS = ("DocumentReference", "QuestionnaireResponse")


class Documents(Struct, frozen=True):
    """The codes of the attached documents; `any` is true if there is supporting information, with or without a code.

    `control_numbers` name documents that the submitter sends apart.
    """

    codes: tuple[Coding, ...]
    any: bool
    control_numbers: tuple[str, ...] = ()


def read_documents(entries: Entries, claim: ResourceElement, attached: list[Element]) -> Documents:
    """Read the documents in supporting information of category `additionalInformation`.

    A document counts if its modifier elements say that it is valid, if it is about the patient of the Claim, and if it
    has content. Any other is a warning, and the review asks for it again.
    """
    codes: list[Coding] = []
    numbers: list[str] = []
    documents = 0
    for information in attached:
        number = _control_number(information)
        if number is not None:
            numbers.append(number)
            if _is_apart(information):
                continue
        document = _document(entries, claim, information)
        if document is not None:
            documents += 1
            codes += _codes(information, document)
    return Documents(distinct(codes), documents > 0, distinct(numbers[:MOST_CONTROL_NUMBERS]))


def _is_apart(information: Element) -> bool:
    """Return whether supporting information refers to no resource: the document comes apart from the request."""
    reference = information.one("valueReference")
    return reference is None or not reference.text("reference")


def _control_number(information: Element) -> str | None:
    """Return the control number of a document: under it, the document may come apart from the request."""
    about = extensions_of(information).first(_INFORMATION)
    number = None if about is None else extensions_of(about).first("controlNumber")
    text = None if number is None else number.text("valueString")
    return text.strip() or None if text is not None else None


def _document(entries: Entries, claim: ResourceElement, information: Element) -> ResourceElement | None:
    """Return the attached resource if it counts; note a warning if it does not."""
    reference = information.one("valueReference")
    url = None if reference is None else reference.text("reference")
    document = None if url is None else entries.resolve(url, claim)
    if document is None or document.type not in SUPPORTING:
        text = f"No document is attached. Refer to a resource in this Bundle, of type {_TYPES}."
        information.note(text, "valueReference", code="not-found", severity="warning")
        return None
    if was_taken(entries, claim, document):
        return document
    doubt = doubt_about(entries, claim, document) or without_content(document)
    if doubt is not None:
        text = (
            f"The document does not count, because {doubt.text}. Send a valid one about the patient, with its content."
        )
        document.resource.note(text, doubt.element, severity="warning")
        return None
    return document


def without_content(document: ResourceElement) -> Doubt | None:
    """Return why a document has no content; None if it has."""
    if document.type == "DocumentReference":
        attachments = (content.one("attachment") for content in document.resource.many("content"))
        if not any(attachment is not None and _has_content(attachment) for attachment in attachments):
            return Doubt("content", "no `attachment` has `data` or a `url`", certain=True)
    if document.type == "QuestionnaireResponse" and not any(_answers(document.resource)):
        return Doubt("item", "no `item` has an `answer`", certain=True)
    return None


def _has_content(attachment: Element) -> bool:
    return bool((attachment.text("data") or "").strip() or attachment.text("url"))


def _answers(parent: Element) -> Iterator[Element]:
    """Yield the answers at all levels of a QuestionnaireResponse."""
    for item in parent.many("item"):
        yield from item.many("answer")
        yield from _answers(item)


def _codes(information: Element, document: ResourceElement) -> tuple[Coding, ...]:
    """Read the type of a document: that in the Claim, then its own. Other clinical resources are no documents."""
    if document.type not in _DOCUMENTS:
        return ()
    codes: tuple[Coding, ...] = ()
    about = extensions_of(information).first(_INFORMATION)
    if about is not None:
        codes += codings(extensions_of(about).first("reportTypeCode"), CONCEPT)
    if document.type == "QuestionnaireResponse":
        answered = document.resource.text("questionnaire")
        return (*codes, Coding(URI, answered.partition("|")[0])) if answered else codes
    return codes + codings(document.resource, "type")
