"""The page for policy authors matches the code: its policy passes its cases, and its tables name every key."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from app.cli import app as preauth
from app.cli.policy import app
from app.policy.actions import Action
from app.policy.billing.billing import Billing
from app.policy.billing.matching import Matching
from app.policy.billing.tolerances import Tolerance
from app.policy.by_type.terms import TypeTerms
from app.policy.cases.case_facts import Facts
from app.policy.cases.cases import Expected
from app.policy.conditions import Condition
from app.policy.loading import SHIPPED_POLICIES
from app.policy.policy import Policy
from tests.house.code import ROOT
from tests.support.environment import remove_settings

PAGE = (SHIPPED_POLICIES / "README.md").read_text(encoding="utf-8")
FILES = ("acme.yaml", "acme.cases.yaml", "reasons.yaml", "clocks.yaml")


def cells_of(table: str) -> list[list[str]]:
    """Return the cells of a table's rows, without its head."""
    [text] = re.findall(rf"<!-- {table} -->\n(.*?)<!-- /{table} -->", PAGE, re.DOTALL)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


def names_in(cell: str) -> set[str]:
    return set(re.findall(r"`([a-z-]+)`", cell))


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def by_tag(union: Any, tag: str) -> dict[str, set[str]]:
    """Return the keys of each model of a tagged union, by its tag."""
    models = get_args(get_args(union)[0])
    return {get_args(model.model_fields[tag].annotation)[0]: keys_of(model) - {tag} for model in models}


def test_the_example_on_the_page_passes_its_cases(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    for name, block in zip(FILES, blocks, strict=True):
        (tmp_path / name).write_text(block, encoding="utf-8")
    checked = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert checked.exit_code == 0, checked.output


def test_the_staff_on_the_page_is_registered_for_the_policy_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0], encoding="utf-8")
    commands = re.findall(r"^preauth ((?:client|user) add .*?) *(?:#.*)?$", PAGE, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        passwords = "correct horse battery\n" * 2
        added = CliRunner().invoke(preauth, shlex.split(command), passwords, {"PREAUTH_POLICY": "acme.yaml"})
        assert (added.exit_code, added.stderr.count("Warning")) == (0, 0), added.output


def test_the_rules_in_the_readme_are_rules_of_the_sample_payer() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Policies\n")[2]
    [shown] = re.findall(r"```yaml\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    assert shown in (SHIPPED_POLICIES / "sample-payer.yaml").read_text(encoding="utf-8")


def test_the_page_names_every_key_of_a_policy() -> None:
    assert {name for row in cells_of("keys") for name in names_in(row[0])} == keys_of(Policy)


@pytest.mark.parametrize(("table", "union", "tag"), [("conditions", Condition, "test"), ("actions", Action, "action")])
def test_the_page_names_every_condition_and_action_with_its_keys(table: str, union: Any, tag: str) -> None:
    rows = {name: names_in(row[1]) for row in cells_of(table) for name in names_in(row[0])}
    assert rows == by_tag(union, tag)


@pytest.mark.parametrize(("table", "block"), [("types", TypeTerms), ("billing", Billing)])
def test_the_page_names_every_key_of_a_block_of_terms(table: str, block: type[BaseModel]) -> None:
    """The first word of a row is the key of the block; the second is the key of a list in it."""
    rows = {tuple(re.findall(r"`([a-z-]+)`", row[0])): names_in(row[1]) for row in cells_of(table)}
    assert {block for block, *_ in rows} == keys_of(block)
    for name, field in block.model_fields.items():
        assert rows[(field.alias or name,)] == {key for model in models_in(field.annotation) for key in keys_of(model)}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models of a field, such as those of its rows. A plain value has none."""
    if isinstance(annotation, type(BaseModel)):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


DATED = {"from", "until", "reference"}
"""The keys of every tolerance."""


def test_the_page_names_every_term_of_comparing_a_bill() -> None:
    assert {name for row in cells_of("matching") for name in names_in(row[0])} == keys_of(Matching)
    rows = {name: names_in(row[1]) | DATED for row in cells_of("tolerances") for name in names_in(row[0])}
    assert rows == by_tag(Tolerance, "accept")


def test_the_page_names_every_key_of_a_case() -> None:
    *facts, expected = cells_of("cases")
    assert {name for row in facts for name in names_in(row[1])} == keys_of(Facts)
    assert names_in(expected[1]) == keys_of(Expected)
