"""A ClaimResponse as a provider's software reads it: the answer to a request, and the answer to a bill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.codes import CARC, LINKED_AUTHORIZATION, RARC, X12_GROUP_CODE, pas

Json = dict[str, Any]

ACTIONS = {"A1": "approved", "A3": "denied", "A4": "pended", "A6": "modified"}
"""The review actions of the story (X12 306), in a word."""


class RequestAnswer(Struct, frozen=True):
    """What the payer says to a prior authorization request of one item."""

    resource: Json

    @property
    def id(self) -> str:
        """The ClaimResponse's id."""
        return str(self.resource.get("id", ""))

    @property
    def number(self) -> str:
        """The authorization number; empty where nothing is granted."""
        return str(self.resource.get("preAuthRef", ""))

    @property
    def begins(self) -> str:
        """The first day of what is granted."""
        return str(self.resource.get("preAuthPeriod", {}).get("start", ""))

    @property
    def reference(self) -> str:
        """The administration reference number, which names a request that has no number yet."""
        found = extensions(_item(self.resource), pas("extension-administrationReferenceNumber"))
        return next((str(one["valueString"]) for one in found), "")

    @property
    def action(self) -> str:
        """The review action's code: A1, A3, A4 or A6."""
        for adjudication in _item(self.resource).get("adjudication", []):
            for review in extensions(adjudication, pas("extension-reviewAction")):
                for code in extensions(review, pas("extension-reviewActionCode")):
                    return _code(code["valueCodeableConcept"])
        return ""

    @property
    def decision(self) -> str:
        """The review action in a word, and its code."""
        return f"{ACTIONS.get(self.action, 'answered')} {self.action}"

    @property
    def why(self) -> str:
        """The first clause of what the payer says; what to do about it is after the semicolon."""
        return next(iter(notes(self.resource)), "").partition(";")[0].rstrip(".")

    @property
    def granted_units(self) -> Decimal | None:
        """The units of the service authorized in place of the one asked for, where that is so."""
        added: Json = next(iter(self.resource.get("addItem", [])), {})
        value = added.get("quantity", {}).get("value")
        return None if value is None else Decimal(str(value))

    @property
    def due(self) -> str:
        """When a decision is due, as `2026-12-24 09:30 UTC`; empty where the payer does not say."""
        found = (re.search(r"due by (\S+)T(\d\d:\d\d)\S*Z\.", note) for note in notes(self.resource))
        return next((f"{match[1]} {match[2]} UTC" for match in found if match), "")


class BillAnswer(Struct, frozen=True):
    """What the payer says to a billing claim of one line."""

    resource: Json

    @property
    def billed(self) -> Decimal:
        """Units billed."""
        return self._units("submitted")

    @property
    def paid(self) -> Decimal:
        """Units paid."""
        return self._units("benefit")

    @property
    def decision(self) -> str:
        """How many of the units billed are paid."""
        return f"paid {self.paid:.0f} of {self.billed:.0f}" if self.paid else "denied"

    @property
    def codes(self) -> str:
        """The group code and adjustment reason code, then the remark codes: CO-198 N435."""
        found: list[str] = []
        for one in _item(self.resource).get("adjudication", []):
            reason = {coding["system"]: coding["code"] for coding in one.get("reason", {}).get("coding", [])}
            groups = [each["code"] for each in one["category"]["coding"] if each["system"] == X12_GROUP_CODE]
            if CARC in reason:
                found.append("-".join([*groups, reason[CARC]]))
            if RARC in reason:
                found.append(reason[RARC])
        return " ".join(found)

    @property
    def left(self) -> Decimal | None:
        """Units that the authorization has left; None where nothing was drawn from one."""
        for linked in extensions(_item(self.resource), LINKED_AUTHORIZATION):
            for remaining in extensions(linked, "units-remaining"):
                return Decimal(str(remaining["valueDecimal"]))
        return None

    @property
    def why(self) -> str:
        """The first sentence of what the payer says."""
        return next(iter(notes(self.resource)), "").partition(".")[0]

    def _units(self, category: str) -> Decimal:
        for one in _item(self.resource).get("adjudication", []):
            if _code(one["category"]) == category:
                return Decimal(str(one["value"]))
        return Decimal(0)


def extensions(element: Json, url: str) -> Iterator[Json]:
    """Find the element's extensions of that URL."""
    return (one for one in element.get("extension", []) if one["url"] == url)


def notes(resource: Json) -> list[str]:
    """Return the process notes."""
    return [note["text"] for note in resource.get("processNote", [])]


def _item(resource: Json) -> Json:
    items: list[Json] = resource.get("item", [])
    return items[0] if items else {}


def _code(concept: Json) -> str:
    return str(concept["coding"][0]["code"])
