"""The command line as real processes: output, signals and exit codes."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.adapters.memory import MemoryDocuments
from app.adapters.tokens.key_files import load_or_create_key
from app.adapters.tokens.own_tokens import mint
from app.adapters.tokens.root_file import read_root
from app.cli import app
from app.demo.messages import SAMPLES
from app.policy.loading import SHIPPED_POLICIES
from app.ports import StoreUnavailable, TermTable
from app.safety.data_folder import DATABASE_FILE
from tests.support.environment import plain_environment, remove_settings
from tests.support.people import DEMO_CLIENTS
from tests.support.server import serving

HANGS = 120
"""Seconds after which a test regards a process as hanging."""

REQUEST = SAMPLES / "request-approve.json"


def preauth(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    clean = plain_environment()
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**clean, **environment}
    )


@contextmanager
def served(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with preauth("serve", "--port", "0", "--data", str(data)) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.kill()


def token(data: Path) -> str:
    client = DEMO_CLIENTS["ehr-a"]
    key, lifetime = load_or_create_key(data), timedelta(minutes=5)
    return mint(key, read_root(data), client.id, client.scopes, datetime.now(UTC), lifetime=lifetime)


def begun(ready: str, data: Path, body: bytes) -> socket.socket:
    """Send a request without the end of its body to the server of the ready line."""
    port = int(ready.rsplit(":", 1)[1].partition("/")[0])
    connection = socket.create_connection(("127.0.0.1", port), timeout=HANGS)
    head = (
        "POST /fhir/Claim/$submit HTTP/1.1\r\nHost: payer\r\nContent-Type: application/fhir+json\r\n"
        f"Authorization: Bearer {token(data)}\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode())
    assert connection.recv(100).startswith(b"HTTP/1.1 100"), "the server has not begun to read the body"
    connection.sendall(body[: len(body) // 2])
    return connection


def finished(connection: socket.socket, body: bytes) -> bytes:
    """Send the rest of the body, and read the answer."""
    connection.sendall(body[len(body) // 2 :])
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_one_line_and_ends_with_zero_after_the_request_in_flight(tmp_path: Path, number: int) -> None:
    with served(tmp_path) as (process, line):
        assert re.fullmatch(r"ready http://127\.0\.0\.1:\d+/fhir\n", line)
        base = line.split()[1]
        assert httpx.get(f"{base}/metadata", trust_env=False).json()["implementation"]["url"] == base
        body = REQUEST.read_bytes()
        with begun(line, tmp_path, body) as connection:
            process.send_signal(number)
            answer = finished(connection, body)
        out, err = process.communicate(timeout=HANGS)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b'"preAuthRef":"PA' in answer
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err
    assert stored(tmp_path) == 1


def stored(data: Path) -> int:
    with closing(sqlite3.connect(data / DATABASE_FILE)) as database:
        return int(database.execute("SELECT count(*) FROM document WHERE kind = 'ClaimResponse'").fetchone()[0])


@pytest.mark.slow
def test_a_request_that_never_ends_does_not_keep_the_server_alive(tmp_path: Path) -> None:
    with served(tmp_path) as (process, line), begun(line, tmp_path, REQUEST.read_bytes()):
        process.terminate()
        out, err = process.communicate(timeout=HANGS)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err
    assert stored(tmp_path) == 0


def refused(process: subprocess.Popen[str], code: int) -> str:
    """Return the one sentence of a command that failed."""
    with process:
        out, err = process.communicate(timeout=HANGS)
    assert (process.returncode, out) == (code, ""), err
    assert err.count("\n") == 1, err
    return err.strip()


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        attempt = preauth("serve", "--port", port, "--data", str(tmp_path))
        assert refused(attempt, 3).startswith(f"Cannot listen on 127.0.0.1:{port}: ")


def test_a_policy_that_cannot_be_read_is_refused_by_file_and_line(tmp_path: Path) -> None:
    policy = tmp_path / "mine.yaml"
    text = (SHIPPED_POLICIES / "second-payer.yaml").read_text(encoding="utf-8")
    policy.write_text(text.replace("over-limit:", "over-limits:"), encoding="utf-8")
    line = text[: text.index("over-limit:")].count("\n") + 1
    attempt = preauth("serve", "--port", "0", "--data", str(tmp_path), "--policy", str(policy))
    problem = f"{policy}:{line}: `over-limits` is an unknown key. Known keys: policy, payer, members, "
    assert refused(attempt, 3).startswith(problem)


def test_a_store_of_a_newer_schema_is_refused_and_not_changed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as database, database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        database.execute("INSERT INTO meta VALUES ('schema', '99')")
    before = (tmp_path / DATABASE_FILE).read_bytes()
    attempt = preauth("serve", "--port", "0", "--data", str(tmp_path))
    assert "has schema 99" in refused(attempt, 3)
    assert (tmp_path / DATABASE_FILE).read_bytes() == before


def test_an_unknown_setting_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    attempt = preauth("serve", "--data", str(tmp_path), PREAUTH_PROT="8000")
    assert refused(attempt, 2) == "PREAUTH_PROT is an unknown setting. The nearest one is PREAUTH_PORT."


@pytest.fixture
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)


@pytest.mark.usefixtures("_plain_environment")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--policy", "nowhere.yaml"], "nowhere.yaml: No such file or directory."),
        (["--policy", "empty"], "empty: no policy found. A policy is a .yaml file, such as sample-payer.yaml."),
        (["--policy", "twice"], "twice/b.yaml:2: `policy` must be unique, but a.yaml has the name second-payer too."),
        (["--policy", "odd"], "odd/clocks.yml: no policy reads this file. A folder of policies may have NAME.yaml"),
        (["--policy", "bytes.yaml"], "bytes.yaml must be UTF-8 text."),
        (["--data", "bytes.yaml/below"], "bytes.yaml/below: Not a directory."),
        (["--host", "169.254.1.9", "--demo-bind", "169.254.1.9"], "Cannot listen on 169.254.1.9:0: "),
    ],
)
def test_an_unusable_file_or_address_is_refused_before_the_server_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("empty", "twice", "odd"):
        Path(folder).mkdir()
    for name in ("a", "b"):
        Path("twice", f"{name}.yaml").write_bytes((SHIPPED_POLICIES / "second-payer.yaml").read_bytes())
    Path("odd", "clocks.yml").touch()
    Path("bytes.yaml").write_bytes(b"\xff\xfe")
    result = CliRunner().invoke(app, ["serve", "--port", "0", "--data", "data", *options])
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(sentence)


class Unstartable(MemoryDocuments):
    """A store that cannot be opened."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def start(self, _: TermTable) -> None:
        raise self._error


@pytest.mark.parametrize("error", [RuntimeError("Start mongod."), StoreUnavailable("It does not answer.")])
async def test_the_sentence_of_a_store_that_cannot_be_opened_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    with pytest.raises(type(error)):
        async with serving(tmp_path, documents=Unstartable(error)):
            raise AssertionError
    assert capsys.readouterr().err == f"{error}\n"


async def test_an_unexpected_error_is_logged_without_its_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyError):
        async with serving(tmp_path, documents=Unstartable(KeyError("M001"))):
            raise AssertionError
    logged = capsys.readouterr().err
    assert '"event":"start failed","error":"KeyError"' in logged
    assert "M001" not in logged
