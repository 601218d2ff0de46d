"""A case made from a public report: the steps to send, and the checks of the last answer."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.house.code import ROOT

CASES = Path(os.environ.get("PREAUTH_SHARED", ROOT.parent / "shared")) / "cases"

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\*)\]|\[\?((?:[^=\[\]]|\[[^\]]*\])+)=([^\]]*)\]")
_WRONG: dict[str, Callable[[list[Any], Any], bool]] = {
    "equals": lambda values, wanted: not values or any(value != wanted for value in values),
    "not_equals": lambda values, wanted: any(value == wanted for value in values),
    "contains": lambda values, wanted: wanted not in values,
    "one_of": lambda values, wanted: not values or any(value not in wanted for value in values),
    "at_most": lambda values, wanted: any(value > wanted for value in values),
    "exists": lambda values, wanted: bool(wanted) and not values,
    "absent": lambda values, wanted: bool(wanted) and bool(values),
}


def cases(*purposes: str) -> list[Path]:
    """Return the folders of the cases for these purposes; empty if the cases are not there."""
    return [file.parent for file in sorted(CASES.glob("*/case.yaml")) if load(file.parent)["for"] in purposes]


def load(folder: Path) -> dict[str, Any]:
    """Read a case."""
    case: dict[str, Any] = YAML(typ="safe", pure=True).load((folder / "case.yaml").read_text(encoding="utf-8"))
    return case


def filled(text: str, names: dict[str, str]) -> str:
    """Put values in place of ${name}. A value that no answer had stays recognizable."""
    return re.sub(r"\$\{(\w+)\}", lambda match: names.get(match[1], f"MISSING-{match[1]}"), text)


def values_at(body: Any, path: str) -> list[Any]:
    """Return all values at a path of dotted names with `[n]`, `[*]` and `[?a.b=c]`."""
    values = [body]
    for name, index, key, wanted in _STEP.findall(path):
        values = [value for parent in values for value in _step(parent, name, index, key, wanted)]
    return values


def problem(check: dict[str, Any], body: Any, status: int, names: dict[str, str]) -> str | None:
    """Return how an answer fails a check; None if it passes."""
    check = {key: filled(value, names) if isinstance(value, str) else value for key, value in check.items()}
    if status not in listed(check.get("when_status", status)):
        return None
    values = values_at(body, check["path"])
    failed = [kind for kind, wrong in _WRONG.items() if kind in check and wrong(values, check[kind])]
    return f"{check} got {values}" if failed else None


def listed(value: Any) -> list[Any]:
    """Return the value if it is a list, else a list of it."""
    return value if isinstance(value, list) else [value]


def _step(parent: Any, name: str, index: str, key: str, wanted: str) -> list[Any]:
    if name:
        return [parent[name]] if isinstance(parent, dict) and name in parent else []
    if not isinstance(parent, list):
        return []
    if index == "*":
        return parent
    if index:
        return parent[int(index) : int(index) + 1]
    return [value for value in parent if wanted in map(str, values_at(value, key))]
