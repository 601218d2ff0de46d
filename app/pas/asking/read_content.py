"""Read the resource of an attachment: it must be valid, and it must have content that this server can read."""

from __future__ import annotations

import binascii
from base64 import b64decode

from app.codes import URI
from app.domain.datatypes import Coding
from app.fhir.element import Element
from app.fhir.entries import standing_alone
from app.pas.asking.read_documents import SUPPORTING, without_content
from app.pas.parts.modifier_elements import doubt_of
from app.pas.parts.read_types import codings


def read_content(content: Element) -> tuple[Coding, ...]:
    """Read the types of a document, and note why it does not count."""
    document = standing_alone(content)
    if document.type not in SUPPORTING:
        content.note(f"`Content` must be a resource of type {', '.join(SUPPORTING)}.", "resourceType")
        return ()
    doubt = doubt_of(document.type, content.fields) or without_content(document)
    if doubt is not None:
        text = f"The document does not count, because {doubt.text}. Send a valid one with its content."
        content.note(text, doubt.element, code="business-rule")
    if document.type == "QuestionnaireResponse":
        answered = content.text("questionnaire")
        return (Coding(URI, answered.partition("|")[0]),) if answered else ()
    if document.type != "DocumentReference":
        return ()
    for held in content.many("content"):
        attachment = held.one("attachment")
        if attachment is not None:
            _check_base64(attachment)
    return codings(content, "type")


def _check_base64(attachment: Element) -> None:
    """Note an attachment whose data is no base64, or nothing."""
    sent = attachment.text("data")
    if sent is None:
        return
    try:
        size = len(b64decode("".join(sent.split()), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if size == 0:
        attachment.note("`data` must be base64 of at least one byte.", "data")
