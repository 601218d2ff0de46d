"""The commands, the help of each, and the modules that it imports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.core import TyperGroup
from typer.testing import CliRunner

from app.cli import app
from app.cli.commands import COMMANDS, imported
from tests.support.environment import plain_environment


def commands(command: object, *path: str) -> Iterator[tuple[str, ...]]:
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from commands(below, *path, name)
    else:
        yield path


@pytest.mark.parametrize("path", [path for name in COMMANDS for path in commands(imported(name), name)], ids=" ".join)
def test_the_help_of_every_command_has_an_example(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*path, "--help"])
    assert result.exit_code == 0
    assert f"Example: preauth {' '.join(path)}" in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_has_the_first_line_of_the_help_of_each(name: str) -> None:
    assert COMMANDS[name][1] == imported(name).help.partition("\n")[0]


LIGHT = (["--help"], ["--version"], ["token", "--help"], ["client", "list", "--help"])
HEAVY = ("fastapi", "starlette", "uvicorn", "motor", "pymongo", "httpx")


@pytest.mark.parametrize("words", LIGHT, ids=" ".join)
def test_a_command_that_serves_nothing_imports_no_server_and_no_driver(words: list[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "app.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=plain_environment())
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "app" in modules
    assert modules.isdisjoint(HEAVY)


def test_the_help_explains_the_exit_codes() -> None:
    assert "Exit codes: 0 success, 1 " in CliRunner().invoke(app, ["--help"]).stdout
