"""Read a ClaimResponse as a provider's software does: the answer to a request, or to a billing claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.codes import CARC, LINKED_AUTHORIZATION, RARC, X12_GROUP_CODE, pas

Json = dict[str, Any]

ACTIONS = {
    "A1": "approved",
    "A3": "denied",
    "A4": "pended",
    "A6": "modified",
    "C": "cancelled",
    "NA": "not required",
}
"""A word for each review action of the demo (X12 code list 306)."""


class RequestAnswer(Struct, frozen=True):
    """The payer's answer to a prior authorization request; its decision is that on the first item."""

    resource: Json

    @property
    def id(self) -> str:
        """The ClaimResponse's id."""
        return str(self.resource.get("id", ""))

    @property
    def number(self) -> str:
        """The authorization number; empty if nothing was granted."""
        return str(self.resource.get("preAuthRef", ""))

    @property
    def begins(self) -> str:
        """The first day of the authorized period."""
        return str(self.resource.get("preAuthPeriod", {}).get("start", ""))

    @property
    def reference(self) -> str:
        """The administration reference number, which identifies a request without an authorization number."""
        numbers = extensions(_item(self.resource), pas("extension-administrationReferenceNumber"))
        return next((str(number["valueString"]) for number in numbers), "")

    @property
    def action(self) -> str:
        """The review action's code: A1, A3, A4, A6, C or NA."""
        for adjudication in _item(self.resource).get("adjudication", []):
            for review in extensions(adjudication, pas("extension-reviewAction")):
                for code in extensions(review, pas("extension-reviewActionCode")):
                    return _code(code["valueCodeableConcept"])
        return ""

    @property
    def decision(self) -> str:
        """The word and the code of the review action."""
        return f"{ACTIONS.get(self.action, 'answered')} {self.action}"

    @property
    def reason(self) -> str:
        """The reason: the first process note up to its semicolon, where the next step begins."""
        return next(iter(notes(self.resource)), "").partition(";")[0].rstrip(".")

    @property
    def granted_units(self) -> Decimal | None:
        """The units of the added service that replaces the requested one; None if the payer added none."""
        added: Json = next(iter(self.resource.get("addItem", [])), {})
        value = added.get("quantity", {}).get("value")
        return None if value is None else Decimal(str(value))

    @property
    def due(self) -> str:
        """When a decision is due, as `2026-12-24 09:30 UTC`; empty if no note names a time."""
        matches = (re.search(r"due by (\S+)T(\d\d:\d\d)\S*Z\.", note) for note in notes(self.resource))
        return next((f"{match[1]} {match[2]} UTC" for match in matches if match), "")


class BillingClaimAnswer(Struct, frozen=True):
    """The payer's answer to a billing claim with one line."""

    resource: Json

    @property
    def billed(self) -> Decimal:
        """The units billed."""
        return self._units("submitted")

    @property
    def paid(self) -> Decimal:
        """The units paid."""
        return self._units("benefit")

    @property
    def decision(self) -> str:
        """The paid units among the billed units, as `paid 4 of 4`, or `denied`."""
        return f"paid {self.paid:.0f} of {self.billed:.0f}" if self.paid else "denied"

    @property
    def codes(self) -> str:
        """The group code with the adjustment reason code, then the remark codes, as `CO-198 N435`."""
        codes: list[str] = []
        for adjudication in _item(self.resource).get("adjudication", []):
            reason = {coding["system"]: coding["code"] for coding in adjudication.get("reason", {}).get("coding", [])}
            categories = adjudication["category"]["coding"]
            groups = [coding["code"] for coding in categories if coding["system"] == X12_GROUP_CODE]
            if CARC in reason:
                codes.append("-".join([*groups, reason[CARC]]))
            if RARC in reason:
                codes.append(reason[RARC])
        return " ".join(codes)

    @property
    def left(self) -> Decimal | None:
        """The units left on the authorization; None if the claim drew on none."""
        for linked in extensions(_item(self.resource), LINKED_AUTHORIZATION):
            for remaining in extensions(linked, "units-remaining"):
                return Decimal(str(remaining["valueDecimal"]))
        return None

    @property
    def reason(self) -> str:
        """The reason: the first sentence of the first process note."""
        return next(iter(notes(self.resource)), "").partition(".")[0]

    def _units(self, category: str) -> Decimal:
        for adjudication in _item(self.resource).get("adjudication", []):
            if _code(adjudication["category"]) == category:
                return Decimal(str(adjudication["value"]))
        return Decimal(0)


def extensions(element: Json, url: str) -> Iterator[Json]:
    """Return the element's extensions with that URL."""
    return (extension for extension in element.get("extension", []) if extension["url"] == url)


def notes(resource: Json) -> list[str]:
    """Return the texts of the process notes."""
    return [note["text"] for note in resource.get("processNote", [])]


def _item(resource: Json) -> Json:
    items: list[Json] = resource.get("item", [])
    return items[0] if items else {}


def _code(concept: Json) -> str:
    return str(concept["coding"][0]["code"])
