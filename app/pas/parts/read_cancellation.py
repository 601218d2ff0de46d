"""Read whether the sender cancels a request as a whole, or one of its items.

https://hl7.org/fhir/us/davinci-pas/specification.html (updating authorization requests)
"""

from __future__ import annotations

from app.codes import pas
from app.fhir.element import Element
from app.fhir.extension import Extensions, extensions_of
from app.pas.parts.read_types import CONCEPT, codings

CERTIFICATION_TYPE = pas("extension-certificationType")
_CANCEL = "3"

_CANCELLED_FLAG = pas("modifierextension-infoCancelled")
_NOTHING_REVIEWED = (
    "The request is cancelled as a whole: no item is reviewed or authorized. The earlier request stays unchanged,"
    " because this server does not process updates yet. Contact the payer to cancel it."
)


def cancels_request(claim: Element) -> bool:
    """Return whether the Claim itself has certification type 3. A warning tells the sender what follows."""
    cancellation = _cancellation(extensions_of(claim))
    if cancellation is not None:
        cancellation.note(_NOTHING_REVIEWED, code="informational", severity="warning")
    return cancellation is not None


def cancels_item(item: Element, extensions: Extensions) -> bool:
    """Return whether the item has the flag of an update, or certification type 3 among its extensions."""
    return _flagged(item) or _cancellation(extensions) is not None


def _cancellation(extensions: Extensions) -> Element | None:
    for extension in extensions.all(CERTIFICATION_TYPE):
        if any(coding.code == _CANCEL for coding in codings(extension, CONCEPT)):
            return extension
    return None


def _flagged(item: Element) -> bool:
    """Return whether an update cancels the item. A flag without a value is an issue."""
    flags = [flag for flag in item.many("modifierExtension") if flag.text("url") == _CANCELLED_FLAG]
    for flag in flags:
        if flag.flag("valueBoolean") is None:
            flag.missing("valueBoolean", "The extension must have a valueBoolean.")
    return any(flag.flag("valueBoolean") for flag in flags)
