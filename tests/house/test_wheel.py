"""The wheel works in a new environment and from another folder."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.house.code import ROOT

PATIENCE = 60

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]
"""One process builds the wheel and starts the server for all tests."""


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment that borrows its dependencies from this one.

    Python reads no path file inside a borrowed folder, so the checked-out source cannot be imported.
    """
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment)
    (own,) = environment.glob("lib/python*/site-packages")
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", environment / "bin" / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", wheel)
    return environment / "bin"


@pytest.fixture(scope="module")
def base(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve from the installed wheel in an empty folder; yields the FHIR base of its `ready` line."""
    folder = tmp_path_factory.mktemp("served")
    command = [str(installed / "preauth"), "serve", "--port", "0", "--data", str(folder / "data")]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        watchdog = threading.Timer(PATIENCE, server.kill)
        watchdog.start()
        try:
            line = server.stdout.readline().split()
            assert line[:1] == ["ready"], (folder / "log").read_text()
            yield line[1]
            server.terminate()
            assert server.wait(PATIENCE) == 0
        finally:
            watchdog.cancel()
            server.kill()


def test_the_installed_wheel_shows_its_pages(base: str) -> None:
    root = base.removesuffix("/fhir")
    for page in ("", "docs"):
        text = httpx.get(f"{root}/{page}", headers={"Accept": "text/html"}, timeout=PATIENCE).text
        assets = re.findall(r'(?:href|src)="(assets/[^"]+)"', text)
        assert assets
        assert all(httpx.get(f"{root}/{asset}", timeout=PATIENCE).is_success for asset in assets)
    assert httpx.get(f"{root}/openapi.json", timeout=PATIENCE).json()["openapi"].startswith("3.1")


def test_the_installed_program_is_the_wheels_and_not_the_source(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import app; print(app.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_the_installed_wheel_serves_its_capability_statement_from_another_folder(base: str) -> None:
    answer = httpx.get(f"{base}/metadata", timeout=PATIENCE)
    assert answer.status_code == 200
    assert answer.json()["resourceType"] == "CapabilityStatement"
