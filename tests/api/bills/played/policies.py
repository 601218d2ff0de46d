"""The policies of the scenarios' payers. The changes of a scenario pass the same reader as a file of a payer."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from app.policy.loading import load_policies
from app.policy.policy import Policy

POLICIES = Path(__file__).parent.with_name("policies")


class _Quoting(SafeRepresenter):
    """Write each text in quotes, as a policy must have them around codes."""


_Quoting.add_representer(str, lambda writer, text: writer.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_LOADED: dict[str, dict[str, Policy]] = {}


def policies(changes: Mapping[str, Any]) -> dict[str, Policy]:
    """Load both payers' policies, with changes merged into the first one. Equal changes are loaded once."""
    written = _written(dict(changes))
    if written not in _LOADED:
        _LOADED[written] = _load(changes) if changes else load_policies(POLICIES)
    return _LOADED[written]


def _load(changes: Mapping[str, Any]) -> dict[str, Policy]:
    with TemporaryDirectory() as folder:
        for file in POLICIES.iterdir():
            content = YAML(typ="safe", pure=True).load(file)
            merged = _merged(content, changes) if content["policy"] == "sample-payer" else content
            Path(folder, file.name).write_text(_written(merged), encoding="utf-8")
        return load_policies(Path(folder))


def _written(content: Any) -> str:
    writer, text = YAML(typ="safe", pure=True), StringIO()
    writer.Representer = _Quoting
    writer.dump(content, text)
    return text.getvalue()


def _merged(content: Any, changes: Any) -> Any:
    """Merge mappings by key, and lists of rows by `id`. Any other value replaces the old one."""
    if isinstance(content, list) and isinstance(changes, dict):
        return [_merged(row, changes.get(row["id"], {})) for row in content]
    if not isinstance(content, dict) or not isinstance(changes, dict):
        return changes
    added = {key: value for key, value in changes.items() if key not in content}
    return {key: _merged(value, changes[key]) if key in changes else value for key, value in content.items()} | added
