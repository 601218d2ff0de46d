"""`make demo` on a new machine: it installs what it needs, or prints the remedy."""

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
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        command = ["make", *arguments]
        return subprocess.run(
            command, cwd=checkout, env=environment | OFFLINE, capture_output=True, text=True, check=False
        )

    return made


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


def test_demo_and_run_install_runtime_dependencies_only(make: Make) -> None:
    for goal in ("demo", "run"):
        planned = make("--dry-run", goal).stdout
        assert "-e '.'" in planned
        assert "[dev]" not in planned
        assert "echo 'Installing preauth and its runtime dependencies into .venv" in planned
    assert "-e '.[dev]'" in make("--dry-run", "test").stdout


def test_a_second_run_installs_nothing_until_the_checkout_moves(checkout: Path, make: Make) -> None:
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
