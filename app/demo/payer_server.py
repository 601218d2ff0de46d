"""Run the payer's server as a separate process during the demo."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LOG = "server.log"
LAST_LINES = 5


class NotServing(Exception):  # noqa: N818 - a state of the demo, not a fault of this program
    """The server did not start; the text ends with the last lines of its log."""


@contextmanager
def serving(folder: Path, policy: Path | None = None, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve with SQLite in `folder`; yield the FHIR base, and stop the server at the end.

    Without a policy the server uses the shipped ones. It gets no `PREAUTH_*` variable of the caller, but
    those of `settings`. Raises NotServing.
    """
    chosen = [] if policy is None else ["--policy", str(policy)]
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--data", str(folder), *chosen]
    clean = {name: value for name, value in os.environ.items() if not name.upper().startswith("PREAUTH_")}
    environment = {**clean, **(settings or {})}
    with (
        (folder / LOG).open("ab") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True) as process,  # noqa: S603 - our own
    ):
        try:
            yield _base(process, folder)
        finally:
            process.terminate()


def _base(process: subprocess.Popen[str], folder: Path) -> str:
    line = process.stdout.readline() if process.stdout else ""
    word, _, base = line.strip().partition(" ")
    if word != "ready":
        raise NotServing(f"The server did not start.{_last_lines(folder)}")
    return base


def _last_lines(folder: Path) -> str:
    lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    return "".join(f"\n{line}" for line in lines[-LAST_LINES:])
