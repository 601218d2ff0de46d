"""`preauth demo`: the steps and their table, and the message about an unexpected answer."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.cli import app
from app.cli.demo import console
from app.demo.answers import BillingClaimAnswer, RequestAnswer
from app.demo.by_hand import by_hand, command, program
from app.demo.scene import Scene, UnexpectedAnswer, expect_some
from app.demo.stage import staged
from app.demo.step import Chapter, Shown, Step
from app.demo.story import WITH_A_CLOCK, StepResult, play
from app.demo.table import STYLES, WIDE, table
from app.policy.loading import SHIPPED_POLICIES
from tests.house.code import ROOT
from tests.support.judged import edition_of, own_faults

pytestmark = pytest.mark.xdist_group("demo")
"""One process plays the demo once for all tests."""

STEPS = [step for chapter in WITH_A_CLOCK for step in chapter.steps]


def variant(folder: Path, *change: tuple[str, str]) -> Path:
    """Write the sample payer's policy with a change."""
    text = (SHIPPED_POLICIES / "sample-payer.yaml").read_text(encoding="utf-8")
    for before, after in change:
        assert before in text
        text = text.replace(before, after)
    file = folder / "sample-payer.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@dataclass(frozen=True, slots=True)
class Run:
    """A finished demo whose server still runs."""

    scene: Scene
    rows: list[StepResult]
    data: Path
    answers: list[httpx.Response]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    data = tmp_path_factory.mktemp("data")
    rows: list[StepResult] = []
    answers: list[httpx.Response] = []
    with staged(data) as scene:
        scene.http.event_hooks = {"response": [answers.append]}
        play(scene, rows.append, WITH_A_CLOCK)
        yield Run(scene, rows, data, answers)


def shown(rows: list[StepResult], width: int, encoding: str = "utf-8") -> list[str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Console(file=out, width=width).print(table(rows, width))
    out.seek(0)
    return out.read().splitlines()


def test_every_answer_of_the_demo_is_conformant(run: Run) -> None:
    earlier: list[tuple[str, bytes]] = []
    for answer in run.answers:
        path, sent = answer.request.url.path, answer.request.content
        earlier.append((edition_of(path), sent))
        assert (answer.content == b"") is (answer.status_code == 204)
        assert answer.content == b"" or own_faults(path, answer.content, sent, earlier) == []
    assert len(earlier) > len(STEPS)


def test_the_demo_plays_every_step_and_exits_with_zero() -> None:
    environment = {**os.environ, "COLUMNS": "100", "PREAUTH_PORT": "1", "PREAUTH_UNHEARD_OF": "1", "TERM": "dumb"}
    command = [sys.executable, "-m", "app.cli", "demo"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for fact in ("approved A1", "modified A6", "denied A3", "pended A4", "paid 8 of 10", "CO-198", "CO-16 M62", "422"):
        assert fact in done.stdout
    assert f"All {len(STEPS)} steps gave the expected answers." in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110


def test_every_step_is_reported_in_order_with_its_exchanges(run: Run) -> None:
    assert [one.step for one in run.rows] == STEPS
    assert [one.number for one in run.rows] == list(range(1, len(STEPS) + 1))
    assert all(one.exchanges for one in run.rows)


def test_every_decision_has_a_color_and_every_color_a_decision(run: Run) -> None:
    plain = {"own", "not"}
    assert {one.shown.decision.partition(" ")[0] for one in run.rows} - plain == set(STYLES)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_table_fits_its_terminal_and_breaks_no_number(run: Run, width: int) -> None:
    lines = shown(run.rows, width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert all(one.shown.number in text for one in run.rows)
    assert all(one.shown.decision in text for one in run.rows)
    assert all(chapter.title in text for chapter in WITH_A_CLOCK)
    assert not any("…" in line for line in lines)


def test_a_terminal_that_knows_ascii_only_gets_the_table_too(run: Run) -> None:
    assert all(line.isascii() for line in shown(run.rows, 100, "ascii"))


def test_the_demo_under_another_policy_names_the_step_with_an_unexpected_answer(tmp_path: Path) -> None:
    policy = variant(tmp_path, ("over-limit: pay-up-to", "over-limit: deny-line"))
    result = CliRunner().invoke(app, ["demo", "--policy", str(policy)])
    assert result.exit_code == 1
    assert "paid 4 of 4" in result.stdout
    assert "try it yourself" not in result.stdout
    assert result.stderr == (
        "\nStep 7: the biller bills 10 more units.\nthe units paid: expected Decimal('8'), got Decimal('0')\n"
    )


def test_the_demo_prints_the_last_log_lines_of_a_server_that_does_not_start(tmp_path: Path) -> None:
    policy = variant(tmp_path, ("members: accept-unknown", "members: everybody"))
    result = CliRunner().invoke(app, ["demo", "--policy", str(policy)])
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"The server did not start.\n{policy}:" in result.stderr


def test_an_empty_answer_has_empty_facts() -> None:
    request, bill = RequestAnswer({}), BillingClaimAnswer({"item": [{"adjudication": []}]})
    assert (request.id, request.number, request.action, request.reference, request.reason, request.due) == ("",) * 6
    assert request.granted_units is None
    assert (bill.decision, bill.codes, bill.left, bill.reason) == ("denied", "", None, "")


def mismatch(scene: Scene, act: Callable[[Scene], Shown]) -> str:
    reported: list[StepResult] = []
    with pytest.raises(UnexpectedAnswer) as raised:
        play(scene, reported.append, (Chapter("Only", (Step("EHR", "does this", act),)),))
    assert reported == []
    return str(raised.value)


def test_the_message_about_an_unexpected_status_has_the_servers_answer(run: Run) -> None:
    def act(scene: Scene) -> Shown:
        scene.get("ehr-a", "/Patient/nobody")
        return Shown("found")

    text = mismatch(run.scene, act)
    assert text.startswith("Step 1: the EHR does this.\nHTTP status: expected 200, got 404 ")
    assert "OperationOutcome" in text


@pytest.mark.parametrize("error", [KeyError("item"), IndexError("0"), TypeError("None"), ValueError("no JSON")])
def test_an_answer_of_an_unexpected_shape_causes_no_traceback(run: Run, error: Exception) -> None:
    def act(_: Scene) -> Shown:
        raise error

    assert f"the answer cannot be read: {type(error).__name__}: " in mismatch(run.scene, act)


def test_a_missing_text_is_unexpected(run: Run) -> None:
    def act(_: Scene) -> Shown:
        expect_some("a reason", "")
        return Shown("denied")

    assert mismatch(run.scene, act).endswith("a reason: expected one, got none")


def test_the_printed_shell_lines_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed, so the printed shell lines are not run")
    monkeypatch.chdir(ROOT)
    base = str(run.scene.http.base_url).rstrip("/")
    lines = by_hand().replace("http://127.0.0.1:8000/fhir", base)
    done = subprocess.run(
        ["sh", "-eu"],
        input=lines,
        capture_output=True,
        text=True,
        env={**os.environ, "PREAUTH_DATA": str(run.data)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    number, _, answers = done.stdout.partition("\n")
    assert re.fullmatch("PA[0-9A-Z]{9}", number)
    assert answers.count(f'"preAuthRef": "{number}"') == 2
    assert '"use": "preauthorization"' in answers


def test_the_printed_command_works_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(Path(sys.executable).parent)
    assert program() == "preauth"
    monkeypatch.chdir(tmp_path)
    assert program() == str(Path(sys.executable).with_name("preauth"))
    (tmp_path / "preauth").touch(mode=0o755)
    assert program() == str(Path(sys.executable).with_name("preauth")), "another installation is first on the path"
    (tmp_path / "preauth").unlink()
    (tmp_path / "preauth").symlink_to(Path(sys.executable).with_name("preauth"))
    assert program() == "preauth"


def test_a_command_names_the_data_folder_unless_it_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("token ehr-a", Path("data")) == f"{program()} token ehr-a"
    assert command("token ehr-a", tmp_path / "my data") == f"{program()} token ehr-a --data 'my data'"
    assert command("serve", Path("/srv/preauth")) == f"{program()} serve --data /srv/preauth"


@pytest.mark.parametrize(("columns", "widest"), [("80", 80), ("", WIDE), ("130", 130)])
def test_the_table_follows_columns_without_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    console_ = console()
    console_.print(table(run.rows, console_.width))
    assert max(map(len, capsys.readouterr().out.splitlines())) == widest
