"""Production refuses the folder and the store of a demo, and a demo those of production."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.safety.data_folder import MODE_FILE, claim_folder
from app.safety.signing_key import DEMO_MARK, KEY_FILE
from tests.support.process import server_process
from tests.support.production import environment


def serve(data: Path, **variables: str) -> Result:
    return CliRunner().invoke(app, ["serve", "--port", "0", "--data", str(data)], env=variables)


def served_as_a_demo(data: Path) -> None:
    """Serve the folder once; then remove the mark of its key, which would be refused first."""
    with server_process(data):
        pass
    key = data / KEY_FILE
    key.write_bytes(key.read_bytes().removeprefix(DEMO_MARK))


def test_production_refuses_the_folder_of_a_demo(tmp_path: Path) -> None:
    served_as_a_demo(tmp_path)
    refused = serve(tmp_path, **environment())
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"{tmp_path} belongs to a server in mode demo, and this server is in mode production. Set PREAUTH_DATA to"
        " another folder, or PREAUTH_ENVIRONMENT=demo.\n"
    )


def test_production_names_the_demo_before_the_missing_settings(tmp_path: Path) -> None:
    claim_folder(tmp_path, "demo")
    refused = serve(tmp_path, PREAUTH_ENVIRONMENT="production")
    assert f"{tmp_path} belongs to a server in mode demo" in refused.stderr.splitlines()[0]
    assert "PREAUTH_BASE_URL" in refused.stderr


@pytest.mark.slow
def test_production_refuses_the_store_of_a_demo_in_a_marked_folder(tmp_path: Path) -> None:
    served_as_a_demo(tmp_path)
    (tmp_path / MODE_FILE).write_text("production\n", encoding="utf-8")
    refused = serve(tmp_path, **environment())
    assert refused.exit_code == 3
    assert "The store belongs to a server in mode demo" in refused.stderr


def test_a_demo_refuses_the_folder_of_production(tmp_path: Path) -> None:
    (tmp_path / MODE_FILE).write_text("production\n", encoding="utf-8")
    refused = serve(tmp_path)
    assert refused.exit_code == 2
    assert "belongs to a server in mode production, and this server is in mode demo" in refused.stderr


@pytest.mark.acceptance("G75")
def test_production_refuses_a_signing_key_that_a_demo_made(tmp_path: Path) -> None:
    demo, production = tmp_path / "demo", tmp_path / "production"
    CliRunner().invoke(app, ["init", "--data", str(demo)])
    CliRunner().invoke(app, ["init", "--data", str(production)], env=environment())
    shutil.copy(demo / KEY_FILE, production / KEY_FILE)
    refused = serve(production, **environment())
    assert refused.exit_code == 2
    assert (
        f"{production / KEY_FILE} was made by a demo. Use a folder that no demo used, and run `preauth init`."
        in refused.stderr
    )
    rotated = CliRunner().invoke(app, ["keys", "rotate", "--data", str(demo)])
    assert rotated.exit_code == 0
    assert (demo / KEY_FILE).read_bytes().startswith(DEMO_MARK)
