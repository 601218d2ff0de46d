"""A database that is damaged under a running server: 503, not ready, and nothing is claimed that is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.safety.data_folder import DATABASE_FILE
from tests.api.reading import SAMPLES
from tests.support.logged import lines_of
from tests.support.process import LOG_FILE, ServerProcess, bearer, server_process

pytestmark = pytest.mark.slow

BODY = (SAMPLES / "request-approve.json").read_text(encoding="utf-8")
HANGS = 30
UNAVAILABLE = {200, 503}
"""What may be answered: an answer that is right, or none."""


def overwritten(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as database:
        database.write(os.urandom(size))


def zeroed(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as database:
        database.write(bytes(size))


def without_its_end(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 4096 // 2 * 4096)


def emptied(file: Path) -> None:
    os.truncate(file, 0)


def deleted(file: Path) -> None:
    file.unlink()


def replaced_by_an_older_one(file: Path) -> None:
    other = file.with_name("restored")
    other.write_bytes(file.read_bytes()[: 4096 * 8])
    other.replace(file)


def without_its_log(file: Path) -> None:
    file.with_name(f"{file.name}-wal").unlink()


DAMAGES = [overwritten, zeroed, without_its_end, emptied, deleted, replaced_by_an_older_one, without_its_log]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder whose database has some hundred pages, and no log."""
    folder = tmp_path_factory.mktemp("filled")
    with server_process(folder) as server, client_of(server, folder) as client:
        for number in range(40):
            assert submitted(client, number).status_code == 200
        assert server.stop() == 0
    (folder / LOG_FILE).unlink()
    return folder


def client_of(server: ServerProcess, folder: Path) -> httpx.Client:
    headers = {"Authorization": bearer(folder, "ehr-a"), "Content-Type": "application/fhir+json"}
    root = server.url.removesuffix("/fhir")
    return httpx.Client(base_url=root, headers=headers, trust_env=False, timeout=HANGS)


def submitted(client: httpx.Client, number: int) -> httpx.Response:
    return client.post("/fhir/Claim/$submit", content=BODY.replace("REQ-1001", f"REQ-{number}"))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_database_that_is_damaged_while_serving_is_a_503_and_not_ready(
    tmp_path: Path, filled: Path, damage: Callable[[Path], None]
) -> None:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    with server_process(tmp_path) as server, client_of(server, tmp_path) as client:
        assert client.get("/health/ready").status_code == 200
        assert submitted(client, 100).status_code == 200
        assert client.get("/fhir/Patient?_count=50").status_code == 200  # the reader knows some of the pages now
        damage(tmp_path / DATABASE_FILE)
        reads = [client.get(f"/fhir/{type_}?_count=50") for type_ in ("ClaimResponse", "Claim", "Patient")]
        answers = [submitted(client, 101 + number) for number in range(5)]
        answers += [submitted(client, 200 + number) for number in range(5)]
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.status_code for answer in reads} <= UNAVAILABLE
        assert all("entry" in answer.json() for answer in reads if answer.status_code == 200)
        assert client.get("/health/live").status_code == 200
        # An answer is kept for a second.
        ready = next(ready for _ in range(20_000) if (ready := client.get("/health/ready")).status_code != 200)
        assert (ready.status_code, ready.json()) == (503, {"status": "unavailable"})
        assert server.stop() == 0
    lines = [line for line in lines_of((tmp_path / LOG_FILE).read_text(encoding="utf-8")) if line["event"] != "request"]
    assert [lines.pop(0)["event"] for _ in range(2)] == ["people registered", "started"]
    lines = [line for line in lines if (line["event"], line["level"]) != ("a worker waits for the store", "warning")]
    assert all(line["level"] == "error" and line["at"] for line in lines)
    of_requests = [line for line in lines if "request_id" in line]
    assert {line["event"] for line in of_requests} == {"store unavailable"}
    # Sealing reads the store without a request.
    assert {line["event"] for line in lines if "request_id" not in line} <= {"action failed"}
    assert len(of_requests) < 6


@pytest.mark.parametrize("finder", ["/fhir/Claim", "/health/ready"])
def test_a_damage_that_was_found_stops_writing_also_where_a_cache_still_knows_the_pages(
    tmp_path: Path, finder: str
) -> None:
    with server_process(tmp_path) as server, client_of(server, tmp_path) as client:
        assert submitted(client, 1).status_code == 200
        overwritten(tmp_path / DATABASE_FILE)
        overwritten(tmp_path / f"{DATABASE_FILE}-wal")
        assert submitted(client, 0).status_code in UNAVAILABLE  # what is read next is read anew
        assert client.get(finder).status_code == 503
        assert {submitted(client, 2 + number).status_code for number in range(3)} == {503}
        assert client.get("/health/live").status_code == 200
        assert server.stop() == 0
