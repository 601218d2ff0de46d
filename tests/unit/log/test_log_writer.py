"""The log thread writes lines in order, with a bounded queue, and never blocks its callers."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from app.log.writer import LineWriter, write_standard_error


class SlowReader:
    """Blocks until it is released."""

    def __init__(self) -> None:
        self.released = Event()
        self.began = Event()
        self.text = ""

    def write(self, text: str) -> None:
        self.began.set()
        self.released.wait()
        self.text += text


def dropped(count: int) -> str:
    return f"dropped {count}\n"


def test_lines_are_written_in_order() -> None:
    reader = SlowReader()
    reader.released.set()
    writer = LineWriter(reader.write, dropped)
    lines = [f"line {number}\n" for number in range(5_000)]
    for line in lines:
        writer.add(line)
    assert writer.flush(10)
    assert reader.text == "".join(lines)


def test_lines_beyond_the_capacity_are_dropped_and_a_later_line_counts_them() -> None:
    reader = SlowReader()
    writer = LineWriter(reader.write, dropped, capacity=3)
    writer.add("first\n")
    reader.began.wait()
    for number in range(10):
        writer.add(f"{number}\n")
    assert not writer.flush(0)
    reader.released.set()
    assert writer.flush(10)
    writer.add("last\n")
    assert writer.flush(10)
    assert reader.text == "first\n0\n1\n2\ndropped 7\nlast\n"


def test_a_flush_without_lines_returns_at_once() -> None:
    assert LineWriter(SlowReader().write, dropped).flush(0)


@contextmanager
def standard_error_is_a_pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Replace standard error by a non-blocking pipe; return the reading end."""
    read_end, write_end = os.pipe()
    flags = fcntl.fcntl(write_end, fcntl.F_GETFL)
    fcntl.fcntl(write_end, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    with os.fdopen(write_end, "w") as stream, monkeypatch.context() as patched:
        patched.setattr("sys.stderr", stream)
        yield read_end
    os.close(read_end)


def test_a_slow_pipe_gets_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a line of the log\n" * 20_000
    with standard_error_is_a_pipe(monkeypatch) as read_end:
        thread = Thread(target=write_standard_error, args=(text,))
        thread.start()
        received = b""
        while len(received) < len(text):
            received += os.read(read_end, 65_536)
        thread.join()
    assert received.decode() == text


def test_a_standard_error_that_is_closed_or_missing_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = os.fdopen(os.dup(2), "w")
    closed.close()
    for stream in (closed, None):
        with monkeypatch.context() as patched:
            patched.setattr("sys.stderr", stream)
            write_standard_error("line\n")
