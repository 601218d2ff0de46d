"""The payer's server, as a process of its own, for as long as the story lasts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOG = "server.log"
PATIENCE_SECONDS = 10
LAST_LINES = 5


class NotServing(Exception):  # noqa: N818 - what the server did, not what we did
    """The server did not start, or did not end as it should; the text says so with its last words."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the shipped policies with SQLite in `folder`; give the FHIR base, and stop the server at the end.

    No `PREAUTH_*` variable of the caller reaches it. Raises NotServing.
    """
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--data", str(folder)]
    clean = {name: value for name, value in os.environ.items() if not name.upper().startswith("PREAUTH_")}
    with (
        (folder / LOG).open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=clean, text=True) as process,  # noqa: S603 - our own
    ):
        try:
            yield _base(process, folder)
        finally:
            process.terminate()
            code = _ended(process)
    if code != 0:
        raise NotServing(f"The server ended with exit code {code} when it was told to stop.{_last_words(folder)}")


def _base(process: subprocess.Popen[str], folder: Path) -> str:
    line = process.stdout.readline() if process.stdout else ""
    word, _, base = line.strip().partition(" ")
    if word != "ready":
        raise NotServing(f"The server did not start.{_last_words(folder)}")
    return base


def _ended(process: subprocess.Popen[str]) -> int:
    try:
        return process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _last_words(folder: Path) -> str:
    lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    return "".join(f"\n{line}" for line in lines[-LAST_LINES:])
