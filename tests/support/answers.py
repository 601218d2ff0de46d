"""Build authorizations for the tests of written answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from app.codes import pas
from app.domain.authorization import Authorization, AuthorizedItem, PolicyVersion
from app.domain.datatypes import Coding, Period
from app.domain.decision import Granted, ItemDecision, Reason, ReviewAction
from app.domain.notice import AskedDocument
from app.fhir.body import Checked
from app.fhir.json import read, write
from app.pas.edition import EDITIONS
from app.pas.requests.read_request import SubmittedRequest, read_request

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NUMBER = "PA260000013"
ADMINISTRATION_NUMBER = "PA260000021"
BASE = "https://payer.example.org/fhir"
CURRENT, OLDER = EDITIONS["2.2.1"], EDITIONS["2.0.1"]
GRANTED = Granted(Period(date(2026, 12, 1), date(2027, 2, 28)), Decimal(12))
NECESSITY = Reason("medical-necessity", "0C", "The need for the service is not shown.")


def submitted(bundle: dict[str, Any]) -> SubmittedRequest:
    return read_request(Checked(bundle), CURRENT)


def decision(action: ReviewAction, **changes: Any) -> ItemDecision:
    return ItemDecision(action, "rule-1", date(2026, 11, 20), **changes)


CERTIFIED = decision(ReviewAction.CERTIFIED, granted=GRANTED)
DENIED = decision(ReviewAction.NOT_CERTIFIED, reason=NECESSITY)
PENDED = decision(ReviewAction.PENDED, reason=NECESSITY, ask_for=(AskedDocument("11506-3", "Progress note"),))
MODIFIED = decision(
    ReviewAction.MODIFIED,
    reason=Reason("quantity-exceeded", None, "Twelve units are authorized at a time."),
    granted=replace(GRANTED, quantity=Decimal(8), service=Coding("http://www.ama-assn.org/go/cpt", "97112")),
)


def authorization(request: SubmittedRequest, *decisions: ItemDecision, **changes: Any) -> Authorization:
    """Answer the items of a request, in their order, with `decisions`."""
    asked = request.request
    granted = any(one.granted for one in decisions)
    pended = any(one.action is ReviewAction.PENDED for one in decisions)
    answered = Authorization(
        id="5f0c3f2e-8f0a-4c43-9d5b-2f2f2f2f2f2f",
        payer="sample-payer",
        owner="a",
        edition="2.2.1",
        claim="claim-id",
        patient="patient-id",
        coverage="coverage-id",
        identifier=asked.identifier,
        claim_type=asked.claim_type,
        member=asked.member,
        requestor=asked.requestor,
        created=NOW,
        updated=NOW,
        policy=PolicyVersion("sample-payer", "digest"),
        items=tuple(AuthorizedItem(item, one) for item, one in zip(asked.items, decisions, strict=False)),
        diagnoses=asked.diagnoses,
        number=NUMBER if granted else None,
        administration_number=ADMINISTRATION_NUMBER if pended else None,
        due=datetime(2026, 11, 27, 15, 0, tzinfo=UTC) if pended else None,
    )
    return replace(answered, **changes)


def as_sent(resource: dict[str, Any]) -> dict[str, Any]:
    """Return the resource as its receiver reads it."""
    return read(write(resource).encode())


def extended(element: dict[str, Any], name: str) -> Any:
    """Return the value of the element's extension with this name, or its parts by name."""
    found = [one for one in element.get("extension", []) if one["url"] in {pas(name), name}]
    if not found:
        return None
    if "extension" in found[0]:
        return found[0]["extension"]
    return next(value for name, value in found[0].items() if name.startswith("value"))


def part(parts: list[dict[str, Any]], name: str) -> Any:
    return extended({"extension": parts}, name)
