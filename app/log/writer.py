"""Write log lines on a thread, so that a blocked reader of standard error cannot block the server.

`logging.handlers.QueueListener` does not fit: its `stop` joins the thread and would wait for a blocked reader.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Final

CAPACITY: Final = 10_000
AT_ONCE: Final = 1_000
LINGER: Final = 0.01
"""Seconds the thread collects lines before it writes: it wakes at most 100 times a second."""


class LineWriter:
    """Write lines in order; drop and count lines that arrive while `capacity` lines wait.

    `render_dropped` renders the line that reports the count. The thread starts with the first line.
    """

    def __init__(
        self, write: Callable[[str], None], render_dropped: Callable[[int], str], capacity: int = CAPACITY
    ) -> None:
        self._write = write
        self._render_dropped = render_dropped
        self._capacity = capacity
        self._waiting: SimpleQueue[str | Event] = SimpleQueue()
        self._flushing = Event()
        self._lock = Lock()
        self._dropped = 0
        self._thread: Thread | None = None

    def add(self, line: str) -> None:
        """Queue the line for the thread, without waiting."""
        if self._waiting.qsize() >= self._capacity:
            with self._lock:
                self._dropped += 1
            return
        self._waiting.put(line)
        if self._thread is None:
            self._start()

    def flush(self, seconds: float) -> bool:
        """Wait up to `seconds` until the lines added so far are written; return whether they are."""
        if self._thread is None:
            return True
        written = Event()
        self._waiting.put(written)
        self._flushing.set()
        return written.wait(seconds)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                # A daemon: at exit, the interpreter must not wait for a blocked reader.
                self._thread = Thread(target=self._run, name="log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            self._flushing.wait(LINGER)
            self._flushing.clear()
            while len(batch) < AT_ONCE:
                try:
                    batch.append(self._waiting.get_nowait())
                except Empty:
                    break
            self._write_batch(batch)

    def _write_batch(self, batch: list[str | Event]) -> None:
        lines = [line for line in batch if isinstance(line, str)]
        with self._lock:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            lines.append(self._render_dropped(dropped))
        if lines:
            self._write("".join(lines))
        for written in batch:
            if isinstance(written, Event):
                written.set()


def write_standard_error(text: str) -> None:
    """Write to the current `sys.stderr`, which a test may have replaced; ignore a closed one."""
    try:
        try:
            descriptor = sys.stderr.fileno()
        except (AttributeError, OSError):  # an object without a file: a test's capture
            sys.stderr.write(text)
        else:
            _write_file(descriptor, text.encode())
    except (AttributeError, OSError, ValueError):
        return  # the reader is gone; the thread must go on


def _write_file(descriptor: int, data: bytes) -> None:
    """Bypass `sys.stderr`: a blocked write would hold its lock and block the interpreter's exit."""
    remaining = memoryview(data)
    while remaining:
        try:
            remaining = remaining[os.write(descriptor, remaining) :]
        except BlockingIOError:  # the other end has set the file to non-blocking
            select.select([], [descriptor], [])
