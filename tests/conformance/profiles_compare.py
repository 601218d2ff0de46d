"""Two readings of a profile in one vocabulary: what our differential says, what the published snapshot adds to R4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conformance import profiles_r4 as r4

Facts = dict[str, Any]
"""What is said of an element, by the kind of saying: `cardinality`, `types`, `patternCode`, `rule us-core-6` …"""

Difference = tuple[str, str]
"""The id of an element and the kind of saying in which two readings differ."""

_VALUES = ("fixed", "pattern", "minValue", "maxValue", "maxLength")


def ours(profile: dict[str, Any]) -> dict[str, Facts]:
    """Return what a differential says, by element id; silent elements are left out."""
    return _speaking((element["id"], _said(element)) for element in profile["differential"]["element"])


def published(profile: dict[str, Any]) -> dict[str, Facts]:
    """Return what a snapshot says beyond R4, by element id; elements that say no more than R4 are left out."""
    elements = profile["snapshot"]["element"]
    sliced = {element["id"].rpartition(":")[0] for element in elements if element.get("sliceName")}
    return _speaking((element["id"], _beyond_r4(element, sliced)) for element in elements)


def differences(left: dict[str, Facts], right: dict[str, Facts]) -> set[Difference]:
    """Return every element and kind in which two readings differ: said in one only, or said otherwise."""
    return {
        (name, kind)
        for name in left.keys() | right.keys()
        for kind in left.get(name, {}).keys() | right.get(name, {}).keys()
        if left.get(name, {}).get(kind) != right.get(name, {}).get(kind)
    }


def _speaking(elements: Iterator[tuple[str, Facts]]) -> dict[str, Facts]:
    return {name: facts for name, facts in elements if facts}


def _said(element: dict[str, Any]) -> Facts:
    """Return everything an element says, R4's or not."""
    facts: Facts = {key: value for key, value in element.items() if key.startswith(_VALUES)}
    if "min" in element:
        facts["cardinality"] = (element["min"], element["max"])
    if "type" in element:
        facts["types"] = frozenset(_type(each) for each in element["type"])
    if "binding" in element:
        facts["binding"] = (element["binding"]["strength"], _unpinned(element["binding"].get("valueSet", "")))
    if "slicing" in element:
        facts["slicing"] = _slicing(element["slicing"])
    for rule in element.get("constraint", ()):
        facts[f"rule {rule['key']}"] = (rule["severity"], rule["expression"])
    return facts | {flag: True for flag in ("mustSupport", "isModifier") if element.get(flag)}


def _beyond_r4(element: dict[str, Any], sliced: set[str]) -> Facts:
    """Return what a snapshot's element says that R4 does not say at the same place, which its `base` names."""
    facts, base = _said(element), element["base"]
    row = r4.table().get(base["path"])
    as_r4 = {
        "cardinality": None if element.get("sliceName") else (base["min"], base["max"]),
        "types": _r4_types(base["path"], facts.get("types", frozenset())),
        "binding": row.binding if row else None,
        "isModifier": row.modifier if row else False,
        "slicing": None if element["id"] in sliced else ("value:url", "open", False),
    }
    return {kind: said for kind, said in facts.items() if said != as_r4.get(kind) and not _is_r4s_own_rule(kind)}


def _r4_types(path: str, said: r4.Types) -> r4.Types:
    """Return R4's types of a path, as `said` has them where it says the same.

    A resource itself and the inside of a primitive have no types to narrow; that a quantity is a simple one is R4's.
    """
    if "." not in path or _inside_a_primitive(said):
        return said
    plain = frozenset((code, profiles - {r4.CORE + "SimpleQuantity"}, targets) for code, profiles, targets in said)
    return said if plain == r4.types(path) else r4.types(path)


def _inside_a_primitive(said: r4.Types) -> bool:
    return any(code.startswith("http://hl7.org/fhirpath/System.") for code, _, _ in said)


def _is_r4s_own_rule(kind: str) -> bool:
    return r4.OWN_RULE.fullmatch(kind.removeprefix("rule ")) is not None


def _type(each: dict[str, Any]) -> tuple[str, frozenset[str], frozenset[str]]:
    """Return a type without the versions of its canonicals."""
    profiles, targets = each.get("profile", ()), each.get("targetProfile", ())
    return each["code"], frozenset(map(_unpinned, profiles)), frozenset(map(_unpinned, targets))


def _slicing(slicing: dict[str, Any]) -> tuple[str, str, bool]:
    by = ",".join(f"{each['type']}:{each['path']}" for each in slicing.get("discriminator", ()))
    return by, slicing["rules"], slicing.get("ordered", False)


def _unpinned(canonical: str) -> str:
    return canonical.partition("|")[0]
