"""Run the Node.js clients of tests/clients/node; their packages are installed at the first use."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.house.code import ROOT

FOLDER = ROOT / "tests/clients/node"
INSTALL = ("npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error")
INSTALL_SECONDS = 180
RUN_SECONDS = 60


def packages() -> Path:
    """Return the folder of installed packages. Without Node.js or a registry, skip the test; in CI, fail."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        missing("Node.js with npm is not installed")
    folder = FOLDER / "node_modules"
    with (FOLDER / "package.json").open() as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)  # other processes of the test run install the same packages
        if not _is_current(folder):
            done = subprocess.run(
                INSTALL, check=False, cwd=FOLDER, capture_output=True, text=True, timeout=INSTALL_SECONDS
            )
            if done.returncode:
                missing(f"npm cannot install the packages: {done.stderr.strip()[-500:]}")
    return folder


def run(script: str, given: Any) -> Any:
    """Run a script of the folder with `given` as JSON on its standard input; return the JSON that it prints."""
    packages()
    done = subprocess.run(
        ["node", script],
        check=False,
        cwd=FOLDER,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def missing(reason: str) -> None:
    """Skip a test that needs a program of others; in CI, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _is_current(folder: Path) -> bool:
    installed, wanted = folder / ".package-lock.json", FOLDER / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime
