"""The log has one JSON object per line on standard error, and no patient data."""

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
    """Restore the logging state of the process after a test."""
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


def test_names_that_are_not_allowed_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().warning("request", status=422, patient=CANARY, body={"name": CANARY}, path=f"/fhir/Patient/{CANARY}")
    get_logger().bind(member=CANARY).info("bound")
    first, second = written(capsys)
    assert set(first) == {"timestamp", "level", "event", "status"}
    assert set(second) == {"timestamp", "level", "event"}


def test_an_unconfigured_log_drops_them_too(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    get_logger().info("early", patient=CANARY)
    (line,) = written(capsys)
    assert set(line) <= ALLOWED


def test_a_value_that_json_cannot_express_is_written_as_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    class Patient:
        def __repr__(self) -> str:
            return CANARY

    get_logger().info("request", operation=Patient())
    (line,) = written(capsys)
    assert line["operation"] == "Patient"


@pytest.mark.acceptance("D53")
def test_line_ends_and_terminal_codes_in_a_value_stay_inside_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().info("request", client="a\r\n\x1b[31mb")
    assert flush(PATIENCE)
    captured = capsys.readouterr().err
    assert captured.count("\n") == 1
    assert "\x1b" not in captured
    assert json.loads(captured)["client"] == "a\r\n\x1b[31mb"


def test_a_field_without_a_value_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().info("request", client=None, status=404)
    (line,) = written(capsys)
    assert "client" not in line


def failing() -> None:
    raise ValueError(CANARY)


def test_an_exception_is_logged_as_class_and_frames_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        failing()
    except ValueError as error:
        get_logger().exception("unexpected")
        get_logger().error("unexpected", exc_info=error)
    for line in written(capsys):
        assert line["error"] == "ValueError"
        assert line["at"][-1].endswith(" failing")


def test_lines_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning")
    get_logger().info("quiet")
    get_logger().warning("loud")
    assert [line["event"] for line in written(capsys)] == ["loud"]


def test_warnings_of_libraries_are_logged_without_their_arguments(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_uvicorns_access_log_is_off_because_it_quotes_paths(capsys: pytest.CaptureFixture[str]) -> None:
    configure("debug")
    logging.getLogger("uvicorn.access").error(CANARY)
    assert written(capsys) == []


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    configure("info")
    logging.getLogger("a.library").warning("once")
    assert len(written(capsys)) == 1


class Gone:
    """A standard error without a reader."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_a_log_without_a_reader_raises_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", Gone())
        get_logger().info("request")
        assert flush(PATIENCE)
    get_logger().info("later")
    assert [line["event"] for line in logged(capsys)] == ["later"]


def test_an_exception_is_logged_with_its_first_cause(capsys: pytest.CaptureFixture[str]) -> None:
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
