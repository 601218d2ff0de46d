"""Read the types of the documents that are attached to a request."""

from __future__ import annotations

from msgspec import Struct

from app.codes import URI, pas
from app.domain.datatypes import Coding
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.extension import extensions_of
from app.pas.parts.read_types import CONCEPT, codings, distinct

_TYPES = ("DocumentReference", "QuestionnaireResponse")


class Documents(Struct, frozen=True):
    """The codes of the attached documents; `any` is true if there is a document, with or without a code."""

    codes: tuple[Coding, ...]
    any: bool


def read_documents(entries: Entries, claim: ResourceElement, attached: list[Element]) -> Documents:
    """Read the types of the documents in supporting information of category `additionalInformation`."""
    codes = [code for information in attached for code in _codes(entries, claim, information)]
    return Documents(distinct(codes), bool(attached))


def _codes(entries: Entries, claim: ResourceElement, information: Element) -> tuple[Coding, ...]:
    codes: tuple[Coding, ...] = ()
    about = extensions_of(information).first(pas("extension-documentInformation"))
    if about is not None:
        codes += codings(extensions_of(about).first("reportTypeCode"), CONCEPT)
    attached = entries.optional(claim, information, "valueReference", _TYPES)
    if attached is None:
        return codes
    if attached.type == "QuestionnaireResponse":
        answered = attached.resource.text("questionnaire")
        return (*codes, Coding(URI, answered.partition("|")[0])) if answered else codes
    return codes + codings(attached.resource, "type")
