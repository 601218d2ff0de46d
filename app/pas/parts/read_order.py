"""Decide whether an order supports the item that refers to it."""

from __future__ import annotations

from app.fhir.entries import Entries, ResourceElement
from app.pas.parts.same_patient import doubt_about


def valid_order(entries: Entries, claim: ResourceElement, order: ResourceElement | None) -> ResourceElement | None:
    """Return the order if it is valid and for the patient of the Claim, else None.

    Note an issue for an order that is revoked, prohibits the service or has another patient. Note a warning for an
    order that does not say whether it is valid, or who its patient is.
    """
    doubt = None if order is None else doubt_about(entries, claim, order)
    if order is None or doubt is None:
        return order
    if doubt.certain:
        text = f"An item must not refer to an order that is not valid: {doubt.text}. Send an order that is in force."
        order.resource.note(text, doubt.element, code="business-rule")
    else:
        text = f"The order does not count, because {doubt.text}. Send an order in force that names the patient."
        order.resource.note(text, doubt.element, severity="warning")
    return None
