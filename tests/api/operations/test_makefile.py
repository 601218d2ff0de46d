"""The Makefile on a fresh machine: it installs, reports why it cannot, and runs the tools that each target promises."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.code import ROOT

Make = Callable[..., subprocess.CompletedProcess[str]]
Tools = Callable[[], list[str]]

OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/nowhere"}
"""pip fails at once, so that a test can examine the steps before it."""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the files that the Makefile reads first."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def make(checkout: Path) -> Make:
    def made(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["make", *arguments]
        return subprocess.run(command, cwd=checkout, env=environment(), capture_output=True, text=True, check=False)

    return made


def environment() -> dict[str, str]:
    """Return the environment without what a `make` around the tests adds, and offline."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))} | OFFLINE


def python(folder: Path, fails_at: str) -> str:
    """Make a Python that fails the check with this text."""
    stub = folder / "python"
    stub.write_text(f'#!/bin/sh\ncase "$2" in *{fails_at}*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n')
    stub.chmod(0o755)
    return f"PYTHON={stub}"


def usable(checkout: Path) -> bool:
    pip = [str(checkout / ".venv/bin/python"), "-m", "pip", "--version"]
    return subprocess.run(pip, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("lacks", "remedy"),
    [
        ("version_info", "must be Python 3.11 or later. Choose another: make demo PYTHON=python3.12"),
        ("ensurepip", "cannot create a .venv. On Debian and Ubuntu, run this first: apt install python3-venv"),
    ],
)
def test_an_unusable_python_is_refused_with_the_remedy(checkout: Path, make: Make, lacks: str, remedy: str) -> None:
    done = make("demo", python(checkout, lacks))
    first, *_ = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert first.endswith(remedy)
    assert not (checkout / ".venv").exists()


@pytest.mark.slow
@pytest.mark.parametrize("left", ["without pip", "half made"])
def test_an_unusable_venv_is_created_again(checkout: Path, make: Make, left: str) -> None:
    if left == "without pip":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout / ".venv"], check=True)
    else:
        (checkout / ".venv/bin").mkdir(parents=True)
        (checkout / ".venv/bin/python").symlink_to(sys.executable)
        (checkout / ".venv/.unfinished").touch()
    done = make("demo")
    assert done.returncode == 2
    assert done.stdout.splitlines()[0].startswith("Creating .venv with ")
    assert (checkout / ".venv/pyvenv.cfg").exists()
    assert usable(checkout)
    assert not (checkout / ".venv/.run").exists()


@pytest.fixture
def tools(checkout: Path) -> Tools:
    """Give the checkout a .venv whose programs only write down how they were called; return how to read that."""
    binaries, log = checkout / ".venv/bin", checkout / "calls"
    binaries.mkdir(parents=True)
    for name in ("python", "ruff", "mypy", "lint-imports", "preauth"):
        program = binaries / name
        program.write_text(f'#!/bin/sh\n# {binaries}/python\ntest "$1" = -c || echo "{name} $*" >> "{log}"\n')
        program.chmod(0o755)
    return lambda: log.read_text().splitlines() if log.exists() else []


def installed(calls: list[str]) -> list[str]:
    """Return what pip was asked to install."""
    return [call.rpartition(" -e ")[2] for call in calls if call.startswith("python -m pip install")]


@pytest.mark.parametrize(
    ("goal", "requirement"),
    [("demo", "."), ("run", "."), *((goal, ".[dev]") for goal in ("quick", "check", "test", "coverage"))],
)
def test_each_target_installs_its_requirements(make: Make, tools: Tools, goal: str, requirement: str) -> None:
    done = make(goal)
    assert (done.returncode, done.stderr) == (0, "")
    assert installed(tools()) == [requirement]
    assert done.stdout.splitlines()[0].startswith("Installing preauth and its ")


def test_an_installation_is_reused_until_the_checkout_moves(checkout: Path, make: Make, tools: Tools) -> None:
    make("run")
    make("run")
    assert len(installed(tools())) == 1
    program = checkout / ".venv/bin/preauth"
    called = program.read_text().partition("\n# ")[2].partition("\n")[2]
    program.write_text(f'#!/bin/sh\n\'\'\'exec\' "{checkout}/.venv/bin/python3.11" "$0" "$@"\n{called}')
    make("run")
    assert len(installed(tools())) == 1, "pip writes this where the path has blanks"
    program.write_text(f"#!/bin/sh\n# /where/it/was/.venv/bin/python\n{called}")
    make("run")
    assert len(installed(tools())) == 2


def test_continuous_integration_checks_fuzzes_and_tests(checkout: Path, tools: Tools) -> None:
    (checkout / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", checkout / ".ci/run")
    subprocess.run([checkout / ".ci/run"], env=environment(), check=True, capture_output=True)
    calls = [call for call in tools() if "pip install" not in call]
    assert calls[:4] == ["ruff format --check .", "ruff check .", "mypy ", "lint-imports "]
    assert "pytest tests/house" in calls[4]
    assert "tests/conformance/test_differential.py" in calls[5]
    assert calls[6].startswith("python -m pytest -n auto")
    assert calls[6].endswith("--ignore=tests/house"), "they ran in the checks"
    assert len(calls) == 7


def test_a_check_that_fails_fails_continuous_integration(checkout: Path, tools: Tools) -> None:
    (checkout / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", checkout / ".ci/run")
    (checkout / ".venv/bin/mypy").write_text("#!/bin/sh\nexit 1\n")
    done = subprocess.run([checkout / ".ci/run"], env=environment(), check=False, capture_output=True)
    assert done.returncode != 0
    assert not any("pytest" in call for call in tools())


def test_the_quick_tests_are_those_that_are_not_slow(make: Make, tools: Tools) -> None:
    make("quick")
    [call] = [call for call in tools() if "pytest" in call]
    assert "-m not slow" in call
    assert "tests/unit" in call
