"""The shell blocks of the README and of the docs work."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.demo.by_hand import by_hand
from app.demo.by_hand import program as program_of_this_checkout
from app.registry.people_file import demo_people, read_people_file
from tests.house.code import ROOT
from tests.support.environment import plain_environment
from tests.support.people import DEMO_CLIENTS
from tests.support.process import server_process

BETWEEN = "====="
PAGES = ("audit", "billing", "documents", "import", "notifications", "retention", "review", "worklist")
FHIR_JSON = "Content-Type: application/fhir+json"
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_lines_of_the_demo_and_then_those_of_the_readme_work_on_one_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    blocks = [by_hand(), *_shell_blocks(README)]
    with server_process(tmp_path, "--seed") as server:
        lines = f"\necho; echo {BETWEEN}\n".join(blocks).replace("http://127.0.0.1:8000/fhir", server.url)
        printed_lines = _run(lines.replace("--key-folder data", f"--key-folder '{tmp_path}'"), tmp_path)
    assert '"severity":"error"' not in printed_lines.rpartition(BETWEEN)[0]  # the rest are definitions with constraints
    printed, search, number, bill, review, registered, policies, served = map(str.strip, printed_lines.split(BETWEEN))
    drawn = f"Units drawn from authorization {number}: 4. Units left: 8."
    assert drawn in printed
    assert drawn in bill, "the bill of the README is that of the demo, and gets its answer"
    assert search.count('"fullUrl"') == 3
    assert number.startswith("PA")
    assert review.count('"resourceType":"Parameters"') == 1
    assert '"preAuthRef":"PA' in review
    assert registered.endswith("The client acme-ehr is disabled. Running servers refuse it within 60 seconds.")
    assert (tmp_path / "acme-ehr.private-key.json").exists()
    assert "sample-payer" in policies
    assert served.count('"resourceType":"OperationDefinition"') == served.count('"type":"searchset"') == 1


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_shell_blocks_of_the_docs_work_with_a_new_request_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    [review] = [block for block in _shell_blocks(README) if "PENDED=" in block]
    request, token, _ = re.split(r"^(REVIEWER=.*\n)", review, flags=re.MULTILINE)
    pages = {name: _shell_blocks((ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")) for name in PAGES}
    scripts = ["".join([request.replace("$(date +%s)", name), *blocks]) for name, blocks in pages.items()]
    with server_process(tmp_path) as server:
        variables = f'FHIR={server.url}\nTOKEN=$(.venv/bin/preauth token ehr-a)\nJSON="{FHIR_JSON}"\n{token}'
        answers = _run(variables + f"\necho; echo {BETWEEN}\n".join(scripts), tmp_path).split(BETWEEN)
    for (name, blocks), answer in zip(pages.items(), answers, strict=True):
        assert answer.count('"resourceType"') >= len(blocks), (name, answer)
        assert '"severity":"error"' not in answer, (name, answer)


def _shell_blocks(page: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", page, re.DOTALL)


def _run(lines: str, data: Path) -> str:
    """Run lines for a shell beside the server of a data folder; returns what they print."""
    for program in (".venv/bin/preauth", program_of_this_checkout()):
        lines = lines.replace(f"{program} ", f"'{sys.executable}' -m app.cli ")
    environment = {**plain_environment(), "PREAUTH_DATA": str(data)}
    return subprocess.run(
        ["sh", "-eu"], input=lines, capture_output=True, text=True, env=environment, cwd=ROOT, check=True
    ).stdout


def test_the_readme_describes_each_demo_client_and_user() -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", README, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z0-9-]+)`", row)}
    assert set(DEMO_CLIENTS) <= named
    assert {user.id for user in demo_people().users} <= named


def test_the_example_of_a_file_of_clients_is_read(tmp_path: Path) -> None:
    [example] = [block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "clients:" in block]
    (tmp_path / "people.yaml").write_text(example, encoding="utf-8")
    people = read_people_file(tmp_path / "people.yaml")
    assert [client.id for client in people.clients] == ["acme-ehr", "acme-portal"]
    assert [user.id for user in people.users] == ["dana@acme.example", "alex"]
