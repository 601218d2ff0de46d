"""`make demo` on a machine as it comes: what it installs, and what it says where it cannot."""

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

OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/nowhere"}
"""Installing fails at once, and what went before can be looked at."""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what the Makefile looks at before it starts anything of ours."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def make(checkout: Path) -> Make:
    def made(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        command = ["make", *arguments]
        return subprocess.run(
            command, cwd=checkout, env=environment | OFFLINE, capture_output=True, text=True, check=False
        )

    return made


def python(folder: Path, fails_at: str) -> str:
    """Make a Python that lacks what a check of it is about."""
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
        ("version_info", "is not Python 3.11 or later. Name one that is: make demo PYTHON=python3.12"),
        ("ensurepip", "cannot make a .venv. On Debian and Ubuntu, do this first: apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_refused_with_the_remedy_and_leaves_nothing(
    checkout: Path, make: Make, lacks: str, remedy: str
) -> None:
    done = make("demo", python(checkout, lacks))
    first, *_ = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert first.endswith(remedy)
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("left", ["without pip", "half made"])
def test_a_venv_that_cannot_be_used_is_made_anew(checkout: Path, make: Make, left: str) -> None:
    if left == "without pip":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout / ".venv"], check=True)
    else:
        (checkout / ".venv/bin").mkdir(parents=True)
        (checkout / ".venv/bin/python").symlink_to(sys.executable)
        (checkout / ".venv/.unfinished").touch()
    done = make("demo")
    assert done.returncode == 2
    assert done.stdout.splitlines()[0].startswith("Making .venv with ")
    assert (checkout / ".venv/pyvenv.cfg").exists()
    assert usable(checkout)
    assert not (checkout / ".venv/.run").exists()


def test_running_installs_no_tool_of_development_and_says_that_it_installs(make: Make) -> None:
    for goal in ("demo", "run"):
        planned = make("--dry-run", goal).stdout
        assert "-e '.'" in planned
        assert "[dev]" not in planned
        assert "echo 'Installing preauth and what it needs to run into .venv" in planned
    assert "-e '.[dev]'" in make("--dry-run", "test").stdout


def test_what_is_installed_is_not_installed_again_until_the_checkout_moves(checkout: Path, make: Make) -> None:
    binaries = checkout / ".venv/bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    program = binaries / "preauth"
    program.write_text(f"#!{binaries}/python\n")
    (checkout / ".venv/.run").touch()
    assert "Installing" not in make("--dry-run", "run").stdout
    program.write_text(f'#!/bin/sh\n\'\'\'exec\' "{binaries}/python3.11" "$0" "$@"\n')
    assert "Installing" not in make("--dry-run", "run").stdout, "pip writes this where the path has blanks"
    program.write_text("#!/where/it/was/.venv/bin/python\n")
    assert "Installing" in make("--dry-run", "run").stdout
