"""The log: one JSON object a line on standard error, and no way for patient data to get into it."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import structlog

from app.log import ALLOWED, configure, flush, get_logger
from tests.support.logged import PATIENCE, logged

CANARY = "Jane-Canary-1970-01-01"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Put back what `configure` changes in the process."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    yield
    flush(PATIENCE)
    root.handlers[:] = handlers
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = logged(capsys)
    assert CANARY not in json.dumps(lines)
    return lines


def test_a_request_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().info(
        "request", method="POST", route="/fhir/Claim/$submit", status=200, duration_ms=1.5, client="ehr-a"
    )
    (line,) = written(capsys)
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "info", "event": "request", "method": "POST", "route": "/fhir/Claim/$submit", "status": 200,
        "duration_ms": 1.5, "client": "ehr-a",
    }  # fmt: skip


def test_names_that_are_not_allowed_are_dropped_whoever_passes_them(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().warning("request", status=422, patient=CANARY, body={"name": CANARY}, path=f"/fhir/Patient/{CANARY}")
    get_logger().bind(member=CANARY).info("bound")
    first, second = written(capsys)
    assert set(first) == {"timestamp", "level", "event", "status"}
    assert set(second) == {"timestamp", "level", "event"}


def test_it_holds_also_when_nobody_configured_anything(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    get_logger().info("early", patient=CANARY)
    (line,) = written(capsys)
    assert set(line) <= ALLOWED


def test_a_value_that_json_has_no_word_for_is_written_as_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    class Patient:
        def __repr__(self) -> str:
            return CANARY

    get_logger().info("request", operation=Patient())
    (line,) = written(capsys)
    assert line["operation"] == "Patient"


def test_line_ends_and_terminal_codes_in_a_value_stay_inside_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().info("request", client="a\r\n\x1b[31mb")
    assert flush(PATIENCE)
    captured = capsys.readouterr().err
    assert captured.count("\n") == 1
    assert "\x1b" not in captured
    assert json.loads(captured)["client"] == "a\r\n\x1b[31mb"


def test_what_has_no_value_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().info("request", client=None, status=404)
    (line,) = written(capsys)
    assert "client" not in line


def failing() -> None:
    raise ValueError(CANARY)


def test_an_exception_is_its_class_and_its_places_and_never_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        failing()
    except ValueError as error:
        get_logger().exception("unexpected")
        get_logger().error("unexpected", exc_info=error)
    for line in written(capsys):
        assert line["error"] == "ValueError"
        assert line["at"][-1].endswith(" failing")


def test_nothing_less_than_the_level_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning")
    get_logger().info("quiet")
    get_logger().warning("loud")
    assert [line["event"] for line in written(capsys)] == ["loud"]


def test_libraries_warnings_come_through_without_what_they_put_in(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    library = logging.getLogger("a.library")
    try:
        failing()
    except ValueError:
        library.exception("lost %s\n%s", CANARY, CANARY)
    library.warning("slow\n" + CANARY)
    library.info("chatter")
    lost, slow = written(capsys)
    assert (lost["event"], lost["level"], lost["logger"], lost["error"]) == (
        "lost %s",
        "error",
        "a.library",
        "ValueError",
    )
    assert (slow["event"], slow["level"]) == ("slow", "warning")


def test_uvicorns_own_access_lines_are_off_because_they_quote_paths(capsys: pytest.CaptureFixture[str]) -> None:
    configure("debug")
    logging.getLogger("uvicorn.access").error(CANARY)
    assert written(capsys) == []


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    configure("info")
    logging.getLogger("a.library").warning("once")
    assert len(written(capsys)) == 1


class Gone:
    """A standard error that nobody reads any more."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_a_log_that_nobody_reads_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", Gone())
        get_logger().info("request")
        assert flush(PATIENCE)
    get_logger().info("later")
    assert [line["event"] for line in logged(capsys)] == ["later"]


def test_an_exception_names_the_cause_it_began_with(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("INSERT INTO " + "nowhere")
    except sqlite3.Error as error:
        first = RuntimeError(CANARY)
        first.__cause__ = error
        get_logger().error("unexpected", exc_info=first)
        get_logger().error("unexpected", exc_info=error)
    chained, alone = written(capsys)
    assert (chained["error"], chained["cause"]) == ("RuntimeError", "OperationalError SQLITE_ERROR")
    assert alone["error"] == "OperationalError"
    assert "cause" not in alone
