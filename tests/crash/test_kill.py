"""The server is killed at any moment of its work: what it has answered is there, and nothing is there by half."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.safety.data_folder import DATABASE_FILE
from tests.crash.audit import findings, lost
from tests.crash.forks import TORN, WHOLE, forks
from tests.crash.submitters import THREADS, Submitters
from tests.support.process import bearer, server_process
from tests.support.verdict import verdict

SPOKEN = "2.2.1"
ROOT = "http://preauth.test"
"""The server keeps its root URL, and so its tokens, whichever port it gets."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]
"""One after the other: each loads a server with all it can take."""


@contextmanager
def killed_at_work(kind: str, folder: Path, kills: int) -> Iterator[Submitters]:
    """Kill the server so many times while it is busy; give what was submitted. No server runs after the last kill."""
    submitters = Submitters(bearer(folder, "ehr-a", ROOT))
    with forks(kind, folder, base_url=ROOT) as servers:
        with submitters.running(servers.start()):
            for left in reversed(range(kills)):
                submitters.wait_for(answers=THREADS)
                time.sleep(random.uniform(0, 0.3))
                servers.kill()
                if left:
                    submitters.turn_to(servers.start())
        yield submitters


@pytest.mark.acceptance("F63", "F64")
def test_after_25_kills_every_answer_given_is_there_and_none_is_half_written(tmp_path: Path) -> None:
    with (
        killed_at_work(WHOLE, tmp_path, kills=25) as submitters,
        server_process(tmp_path, base_url=ROOT) as server,
    ):
        submitters.resend(server)
        assert server.stop() == 0

    file = tmp_path / DATABASE_FILE
    assert submitters.refused == []
    assert set(submitters.answers) == submitters.sent
    assert lost(file, submitters.answers) == []
    assert [
        text for texts in submitters.answers.values() for text in set(texts) if verdict(text.encode(), SPOKEN)
    ] == []
    assert findings(file) == []


def test_a_store_that_commits_each_write_on_its_own_is_found_out(tmp_path: Path) -> None:
    with killed_at_work(TORN, tmp_path, kills=2):
        pass

    found = findings(tmp_path / DATABASE_FILE)
    assert any("authorizations without" in finding or "orphans" in finding for finding in found), found
