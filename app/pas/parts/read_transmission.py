"""Read the identifiers of a Claim that its answer repeats.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-TransmissionIdentifiers
"""

from __future__ import annotations

from app.codes import pas
from app.domain.parts.transmission import Department, Transmission
from app.fhir.element import Element
from app.fhir.extension import extensions_of
from app.pas.parts.read_types import CONCEPT, first_coding


def read_transmission(claim: Element) -> Transmission | None:
    """Read the transmission identifiers; None without both application codes, which PAS requires."""
    extension = extensions_of(claim).first(_TRANSMISSION)
    if extension is None:
        return None
    parts = extensions_of(extension)
    sender, receiver = parts.text("applicationSenderCode"), parts.text("applicationReceiverCode")
    if sender is None or receiver is None:
        return None
    return Transmission(sender, receiver, parts.text("interchangeSenderID"), parts.text("interchangeReceiverID"))


def sender_ids(claim: Element) -> tuple[str, ...]:
    """Return the interchange sender ids (ISA06) of a Claim's transmission identifiers."""
    transmissions = map(extensions_of, extensions_of(claim).all(_TRANSMISSION))
    return tuple(sender for parts in transmissions if (sender := parts.text("interchangeSenderID")) is not None)


def read_department(claim: Element) -> Department | None:
    """Read the department of the identifier that names the Claim: the first with a value."""
    element = next((element for element in claim.many("identifier") if "value" in element.fields), None)
    if element is None:
        return None
    extensions = extensions_of(element)
    department = Department(
        extensions.text(pas("extension-identifierSubDepartment")),
        first_coding(extensions.first(pas("extension-identifierJurisdiction")), CONCEPT),
    )
    return None if department == Department() else department


_TRANSMISSION = pas("extension-TransmissionIdentifiers")
