"""The demo: the story as a newcomer sees it, and what it says where an answer is another one."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.cli import app
from app.cli.demo import console
from app.demo.answers import BillAnswer, RequestAnswer
from app.demo.by_hand import by_hand, command, program
from app.demo.scene import Scene, Surprise, expect_some
from app.demo.stage import staged
from app.demo.step import Chapter, Shown, Step
from app.demo.story import STORY, tell
from app.demo.story import Told as Row
from app.demo.table import STYLES, WIDE, table
from app.main import SHIPPED_POLICIES
from tests.house.code import ROOT
from tests.support.judged import edition_of, own_faults

pytestmark = pytest.mark.xdist_group("demo")
"""All in one process, which tells the story once."""

STEPS = [step for chapter in STORY for step in chapter.steps]


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
class Told:
    """The story as it was told before a server that is still there."""

    scene: Scene
    rows: list[Row]
    data: Path
    answers: list[httpx.Response]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    data = tmp_path_factory.mktemp("data")
    rows: list[Row] = []
    answers: list[httpx.Response] = []
    with staged(data) as scene:
        scene.http.event_hooks = {"response": [answers.append]}
        tell(scene, rows.append)
        yield Told(scene, rows, data, answers)


def shown(rows: list[Row], width: int, encoding: str = "utf-8") -> list[str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Console(file=out, width=width).print(table(rows, width))
    out.seek(0)
    return out.read().splitlines()


def test_every_answer_in_the_story_is_conformant(told: Told) -> None:
    earlier: list[tuple[str, bytes]] = []
    for answer in told.answers:
        path, sent = answer.request.url.path, answer.request.content
        earlier.append((edition_of(path), sent))
        assert own_faults(path, answer.content, sent, earlier) == []
    assert len(earlier) > len(STEPS)


def test_the_demo_tells_the_whole_story_and_exits_with_zero() -> None:
    environment = {**os.environ, "COLUMNS": "100", "PREAUTH_PORT": "1", "PREAUTH_UNHEARD_OF": "1", "TERM": "dumb"}
    command = [sys.executable, "-m", "app.cli", "demo"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for fact in ("approved A1", "modified A6", "denied A3", "pended A4", "paid 8 of 10", "CO-198", "CO-16 M62", "422"):
        assert fact in done.stdout
    assert f"All {len(STEPS)} steps went as they should." in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110


def test_every_step_is_told_in_order_with_what_it_took(told: Told) -> None:
    assert [one.step for one in told.rows] == STEPS
    assert [one.number for one in told.rows] == list(range(1, len(STEPS) + 1))
    assert all(one.exchanges for one in told.rows)


def test_every_decision_has_its_colour_and_every_colour_a_decision(told: Told) -> None:
    plain = {"its", "not"}
    assert {one.shown.decision.partition(" ")[0] for one in told.rows} - plain == set(STYLES)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_table_fits_its_terminal_and_breaks_no_number(told: Told, width: int) -> None:
    lines = shown(told.rows, width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert all(one.shown.number in text for one in told.rows)
    assert all(one.shown.decision in text for one in told.rows)
    assert all(chapter.title in text for chapter in STORY)
    assert not any("…" in line for line in lines)


def test_a_terminal_that_knows_ascii_only_gets_the_table_too(told: Told) -> None:
    assert all(line.isascii() for line in shown(told.rows, 100, "ascii"))


def test_a_policy_that_answers_otherwise_is_a_surprise_that_names_the_step(tmp_path: Path) -> None:
    policy = variant(tmp_path, ("over-limit: pay-up-to", "over-limit: deny-line"))
    result = CliRunner().invoke(app, ["demo", "--policy", str(policy)])
    assert result.exit_code == 1
    assert "paid 4 of 4" in result.stdout
    assert "by hand" not in result.stdout
    assert result.stderr == (
        "\nStep 6: the biller bills 10 more units.\nunits paid: expected Decimal('8'), got Decimal('0')\n"
    )


def test_a_server_that_does_not_start_is_said_with_its_last_words(tmp_path: Path) -> None:
    policy = variant(tmp_path, ("members: accept-unknown", "members: everybody"))
    result = CliRunner().invoke(app, ["demo", "--policy", str(policy)])
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"The server did not start.\n{policy}:" in result.stderr


def test_an_answer_that_says_nothing_is_read_as_nothing() -> None:
    request, bill = RequestAnswer({}), BillAnswer({"item": [{"adjudication": []}]})
    assert (request.id, request.number, request.action, request.reference, request.why, request.due) == ("",) * 6
    assert request.granted_units is None
    assert (bill.decision, bill.codes, bill.left, bill.why) == ("denied", "", None, "")


def surprise(scene: Scene, act: Callable[[Scene], Shown]) -> str:
    heard: list[Row] = []
    with pytest.raises(Surprise) as raised:
        tell(scene, heard.append, (Chapter("Only", (Step("EHR", "does this", act),)),))
    assert heard == []
    return str(raised.value)


def test_another_status_is_a_surprise_with_what_the_server_said(told: Told) -> None:
    def act(scene: Scene) -> Shown:
        scene.get("ehr-a", "/Patient/nobody")
        return Shown("found")

    said = surprise(told.scene, act)
    assert said.startswith("Step 1: the EHR does this.\nHTTP status: expected 200, got 404 ")
    assert "OperationOutcome" in said


@pytest.mark.parametrize("error", [KeyError("item"), IndexError("0"), TypeError("None"), ValueError("no JSON")])
def test_an_answer_of_another_shape_is_a_surprise_and_no_traceback(told: Told, error: Exception) -> None:
    def act(_: Scene) -> Shown:
        raise error

    assert f"got {type(error).__name__}: " in surprise(told.scene, act)


def test_a_text_that_is_not_there_is_a_surprise(told: Told) -> None:
    def act(_: Scene) -> Shown:
        expect_some("a reason", "")
        return Shown("denied")

    assert surprise(told.scene, act).endswith("a reason: expected one, got none")


def test_the_lines_to_try_by_hand_work_as_they_are_printed(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed: the lines to try by hand are not tried")
    monkeypatch.chdir(ROOT)
    base = str(told.scene.http.base_url).rstrip("/")
    lines = by_hand(told.scene.today).replace("http://127.0.0.1:8000/fhir", base)
    done = subprocess.run(
        ["sh", "-eu"],
        input=lines,
        capture_output=True,
        text=True,
        env={**os.environ, "PREAUTH_DATA": str(told.data)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    number, _, answers = done.stdout.partition("\n")
    assert re.fullmatch("PA[0-9A-Z]{9}", number)
    assert answers.count(f'"preAuthRef": "{number}"') == 2
    assert '"use": "preauthorization"' in answers


def test_the_bill_by_hand_is_for_a_day_that_is_granted_whenever_it_is_tried() -> None:
    assert 's/NUMBER/$NUMBER/"' in by_hand(date(2026, 12, 1))
    assert 's/NUMBER/$NUMBER/; s/2026-12-15/2027-03-01/"' in by_hand(date(2027, 3, 1))


def test_the_program_is_named_as_it_can_be_called_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_command_names_the_data_folder_where_it_is_not_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("token ehr-a", Path("data")) == f"{program()} token ehr-a"
    assert command("token ehr-a", tmp_path / "my data") == f"{program()} token ehr-a --data 'my data'"
    assert command("serve", Path("/srv/preauth")) == f"{program()} serve --data /srv/preauth"


@pytest.mark.parametrize(("columns", "widest"), [("80", 80), ("", WIDE), ("130", 130)])
def test_columns_are_honoured_where_the_output_is_not_a_terminal(
    told: Told, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    console_ = console()
    console_.print(table(told.rows, console_.width))
    assert max(map(len, capsys.readouterr().out.splitlines())) == widest
