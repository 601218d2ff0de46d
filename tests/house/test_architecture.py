"""ARCHITECTURE.md matches the code: its map names every folder, and each named file and function exists.

The decisions have one number each, in order.
"""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house.code import ROOT, functions

PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
NAMED_PATHS = sorted(set(re.findall(r"`((?:app|tests|profiles|capability)/[\w./*-]+)`", PAGE)))
NAMED_FUNCTIONS = sorted(set(re.findall(r"`(app/[\w/]+\.py)`:\s+`(\w+)`", PAGE)))
FOLDERS = sorted(
    folder.relative_to(ROOT).as_posix()
    for folder in (ROOT / "app").rglob("*")
    if folder.is_dir() and folder.name != "__pycache__" and "vendor/" not in folder.as_posix()
)


def mapped() -> set[str]:
    """Return the folders that the map names, by path: each line's depth follows from its indent."""
    [drawing] = re.findall(r"## Map\n\n```\n(.*?)```", PAGE, re.DOTALL)
    around: list[str] = []
    paths = set()
    for indent, name in re.findall(r"^([│├└─ ]*)(\w+)/", drawing, re.MULTILINE):
        around[len(indent) // 4 :] = [name]
        paths.add("/".join(around))
    return paths


def test_the_map_names_every_folder_of_the_program_and_no_other() -> None:
    assert sorted(path for path in mapped() if path.startswith("app/")) == FOLDERS


@pytest.mark.parametrize("path", NAMED_PATHS)
def test_every_path_that_the_page_names_exists(path: str) -> None:
    assert list(ROOT.glob(path))


@pytest.mark.parametrize(("file", "name"), NAMED_FUNCTIONS)
def test_every_function_of_the_walks_is_in_its_file(file: str, name: str) -> None:
    assert name in {function.name for function in functions(ROOT / file)}


def test_the_walks_name_functions_that_can_be_found() -> None:
    assert len(NAMED_FUNCTIONS) > 10


def test_the_page_shows_the_layers_of_the_contract() -> None:
    [shown] = re.findall(r"<!-- layers -->\n```\n(.*?)```\n<!-- /layers -->", PAGE, re.DOTALL)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    assert shown.splitlines() == layers


def test_the_decisions_are_numbered_in_order() -> None:
    headings = re.findall(r"^## (\d+)\. ", (ROOT / "DECISIONS.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert list(map(int, headings)) == list(range(1, len(headings) + 1))
