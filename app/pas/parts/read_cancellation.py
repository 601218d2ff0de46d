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


def cancels_request(claim: Element) -> bool:
    """Return whether the Claim itself has certification type 3."""
    return _cancels(extensions_of(claim))


def cancels_item(item: Element, extensions: Extensions) -> bool:
    """Return whether the item has the flag of an update, or certification type 3 among its extensions."""
    return withdrawn(item) or _cancels(extensions)


def withdrawn(element: Element) -> bool:
    """Return whether an update cancels an item or supporting information. A flag without a value is an issue."""
    flags = [flag for flag in element.many("modifierExtension") if flag.text("url") == _CANCELLED_FLAG]
    for flag in flags:
        if flag.flag("valueBoolean") is None:
            flag.missing("valueBoolean", "The extension must have a valueBoolean.")
    return any(flag.flag("valueBoolean") for flag in flags)


def _cancels(extensions: Extensions) -> bool:
    types = extensions.all(CERTIFICATION_TYPE)
    return any(coding.code == _CANCEL for extension in types for coding in codings(extension, CONCEPT))
