"""Read authorizations and ledger entries, also those of earlier builds.

An earlier build stored a unit as text, a quantity only if the request had one, the type of an order as
`requested_service`, and the sequence of an item or a claim line as an integer.
"""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.authorization import Authorization
from app.domain.ledger import LedgerEntry
from app.domain.service_line import ONE

_authorizations = msgspec.json.Decoder(Authorization)
_entries = msgspec.json.Decoder(LedgerEntry)

Json = dict[str, Any]


def read_authorization(body: str) -> Authorization:
    """Read a stored authorization of any build. Raises msgspec.ValidationError if no build stored it."""
    try:
        return _authorizations.decode(body)
    except msgspec.ValidationError:
        record = msgspec.json.decode(body)
        items = [_upgraded_item(item) for item in record["items"]]
        return msgspec.convert({**record, "items": items}, Authorization)


def read_entry(body: str) -> LedgerEntry:
    """Read a stored ledger entry of any build. Raises msgspec.ValidationError if no build stored it."""
    try:
        return _entries.decode(body)
    except msgspec.ValidationError:
        entry = msgspec.json.decode(body)
        return msgspec.convert({**entry, "item": str(entry["item"]), "line": str(entry["line"])}, LedgerEntry)


def _upgraded_item(item: Json) -> Json:
    requested, decision = _with_unit(item["requested"]), item["decision"]
    if requested["quantity"] is None:
        requested["quantity"] = str(ONE)
    order = requested.get("requested_service")
    if order is not None:
        requested["order"] = {"type": order}
    if decision.get("granted") is not None:
        decision = {**decision, "granted": _with_unit(decision["granted"])}
    return {**item, "requested": requested, "decision": decision}


def _with_unit(quantified: Json) -> Json:
    """Return a copy whose unit is a Unit. The text may be a code; `same_basis` compares both alike."""
    unit = quantified.get("unit")
    return {**quantified, "unit": {"text": unit}} if isinstance(unit, str) else dict(quantified)
