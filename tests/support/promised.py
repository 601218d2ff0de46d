"""Check rules on answers that no profile can express: the declared profiles, and prof-2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.pas.edition import Edition
from tests.support.echoed import bundles

Json = dict[str, Any]


def broken(path: str, answer: Json, edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield each place that breaks a rule, with a text; no PAS profile applies to the answer to a billing claim."""
    asks = path.endswith("/$inquire")
    bundled = edition.inquiry_response_bundle if asks else edition.response_bundle
    response = edition.inquiry_response if asks else edition.claim_response
    for place, bundle in bundles(answer):
        if bundle["type"] != "collection":
            continue
        first = bundle["entry"][0]["resource"]
        if first.get("use") not in {"claim", "predetermination"} and not _declares(bundle, bundled):
            yield place, f"The profile {bundled} is not declared."
        if first.get("use") == "preauthorization" and not _declares(first, response):
            yield f"{place}.entry[0].resource", f"The profile {response} is not declared."
        if first.get("use") == "preauthorization" and not all(map(_has_unit, _quantities(first))):
            yield f"{place}.entry[0].resource", "A quantity has a unit or a code (prof-2)."


def _declares(resource: Json, profile: str) -> bool:
    return bool(resource.get("meta", {}).get("profile") == [profile])


def _quantities(value: Any) -> Iterator[Json]:
    """Yield every Quantity in JSON."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if name in ("quantity", "valueQuantity"):
            yield inner
        elif isinstance(inner, dict | list):
            yield from _quantities(inner)


def _has_unit(quantity: Json) -> bool:
    return "value" in quantity and ("unit" in quantity or "code" in quantity)
