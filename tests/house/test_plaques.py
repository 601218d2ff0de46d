"""Each package begins with a plaque: its contents, its allowed imports, and the place to start reading."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.code import ROOT, place, tree

APP = ROOT / "app"
PACKAGES = sorted(file.parent for file in APP.rglob("__init__.py"))
ROOMS = [package for package in PACKAGES if package.parent == APP]
INNER_ROOMS = [package for package in PACKAGES if APP not in {package, package.parent}]


def plaque(package: Path) -> str:
    return ast.get_docstring(tree(package / "__init__.py")) or ""


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def contracts(kind: str) -> list[dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract for contract in project["tool"]["importlinter"]["contracts"] if contract["type"] == kind]


def layers() -> list[list[str]]:
    (contract,) = contracts("layers")
    return [layer.split(" | ") for layer in contract["layers"]]


def forbidden_rooms(room: str) -> set[str]:
    return {
        module.removeprefix("app.")
        for contract in contracts("forbidden")
        if f"app.{room}" in contract["source_modules"]
        for module in contract["forbidden_modules"]
    }


def allowed_imports(room: str) -> str:
    """Write the sentence of the plaque: the highest layer that the room may import, and the layers below it."""
    (level,) = (number for number, layer in enumerate(layers()) if room in layer)
    below = [[name for name in layer if name not in forbidden_rooms(room)] for layer in layers()[level + 1 :]]
    highest = next((layer for layer in below if layer), [])
    if not highest:
        return "May import: no other room."
    names = ", ".join(f"`{name}`" for name in highest)
    return f"May import: {names} and the rooms below {'it' if len(highest) == 1 else 'them'}."


@pytest.mark.parametrize("package", PACKAGES, ids=place)
def test_every_package_has_a_plaque_of_3_to_8_lines(package: Path) -> None:
    assert 3 <= len(plaque(package).splitlines()) <= 8


@pytest.mark.parametrize("room", ROOMS, ids=place)
def test_the_plaque_of_a_room_names_the_layers_that_it_may_import(room: Path) -> None:
    assert allowed_imports(room.name) in in_one_line(plaque(room))


@pytest.mark.parametrize("room", INNER_ROOMS, ids=place)
def test_the_plaque_of_an_inner_room_refers_to_the_room_around_it(room: Path) -> None:
    around = room.relative_to(APP).parts[0]
    assert f"May import: what `{around}` may import" in in_one_line(plaque(room))


@pytest.mark.parametrize("package", PACKAGES, ids=place)
def test_a_plaque_names_an_existing_place_to_start(package: Path) -> None:
    (start,) = re.findall(r"Start with [^.]*\.", in_one_line(plaque(package)))
    names = re.findall(r"`([\w/]+)`", start)
    assert names
    assert [name for name in names if not (package / name).is_dir() and not (package / f"{name}.py").exists()] == []


def test_a_room_on_a_shared_layer_may_not_import_its_neighbors() -> None:
    shared = [layer for layer in layers() if len(layer) > 1]
    assert shared
    for layer in shared:
        for room in layer:
            assert not any(f"`{neighbor}`" in allowed_imports(room) for neighbor in layer)


def test_a_forbidden_room_is_not_in_the_sentence() -> None:
    assert "records" in forbidden_rooms("adapters")
    assert "`operations`" not in allowed_imports("adapters")
