"""Production refuses the folder and the store of a demo, and a demo those of production."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.adapters.data_folder import MODE_FILE
from app.cli import app
from tests.support.process import server_process
from tests.support.production import environment


def serve(data: Path, **variables: str) -> Result:
    return CliRunner().invoke(app, ["serve", "--port", "0", "--data", str(data)], env=variables)


def test_production_refuses_the_folder_of_a_demo(tmp_path: Path) -> None:
    with server_process(tmp_path):
        pass
    refused = serve(tmp_path, **environment())
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert refused.stderr == (
        f"{tmp_path} belongs to a server in mode demo, and this server is in mode production. Use another data folder,"
        " or set PREAUTH_ENVIRONMENT=demo.\n"
    )


@pytest.mark.slow
def test_production_refuses_the_store_of_a_demo_in_a_marked_folder(tmp_path: Path) -> None:
    with server_process(tmp_path):
        pass
    (tmp_path / MODE_FILE).write_text("production\n", encoding="utf-8")
    refused = serve(tmp_path, **environment())
    assert refused.exit_code == 3
    assert "The store belongs to a server in mode demo" in refused.stderr


def test_a_demo_refuses_the_folder_of_production(tmp_path: Path) -> None:
    (tmp_path / MODE_FILE).write_text("production\n", encoding="utf-8")
    refused = serve(tmp_path)
    assert refused.exit_code == 3
    assert "belongs to a server in mode production, and this server is in mode demo" in refused.stderr
