"""The drill: load, a backup in the middle, a restore elsewhere, and each earlier answer again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.safety.data_folder import DATABASE_FILE
from tests.crash.audit import findings, lost
from tests.crash.submitters import THREADS, Submitters
from tests.house.code import ROOT as CHECKOUT
from tests.support.process import bearer, server_process

ROOT = "http://preauth.test"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]


def preauth(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], capture_output=True, text=True, cwd=CHECKOUT, check=True
    )
    return done.stdout


@pytest.mark.acceptance("I85", "F63")
def test_a_backup_under_load_has_every_answer_given_before_it_began(tmp_path: Path) -> None:
    data, restored, archive = tmp_path / "data", tmp_path / "restored", tmp_path / "preauth.tar"
    data.mkdir()
    with server_process(data, base_url=ROOT) as server:
        submitters = Submitters(bearer(data, "ehr-a", ROOT))
        with submitters.running(server):
            submitters.wait_for(answers=20 * THREADS)
            acknowledged = {serial: list(texts) for serial, texts in list(submitters.answers.items())}
            printed = preauth("backup", str(archive), "--data", str(data))
            submitters.wait_for(answers=THREADS)
    assert "mode demo" in printed

    preauth("restore", str(archive), "--data", str(restored))
    file = restored / DATABASE_FILE
    assert lost(file, acknowledged) == []
    assert findings(file) == []
    with server_process(restored, base_url=ROOT) as server:
        again = Submitters(bearer(restored, "ehr-a", ROOT))
        again.sent = set(acknowledged)
        again.resend(server)
    assert again.refused == []
    assert {serial: set(texts) for serial, texts in again.answers.items()} == {
        serial: set(texts) for serial, texts in acknowledged.items()
    }
