"""`preauth doctor`: print every check of an installation."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
import typer

from app import log
from app.cli.options import DataFolder, PolicyFiles, Store
from app.cli.usable import usable_settings
from app.counts import counted
from app.doctor.examine import examine
from app.safety.check import Check, Status


def doctor(
    *,
    data: DataFolder = None,
    policy: PolicyFiles = None,
    store: Store = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> None:
    """Check settings, folder, keys, policies, store, clients, clock and audit trail; print each with its remedy.

    The checks are those of a start, in the mode of PREAUTH_ENVIRONMENT. A server may run meanwhile. Exit codes: 0 if
    no check fails; 1 if one does; 2 if an option or a PREAUTH_* variable cannot be used.

    Example: preauth doctor --data ./data
    """
    settings = usable_settings(data, policy, store)
    log.configure("error")
    checks = asyncio.run(examine(settings))
    typer.echo(msgspec.json.encode(checks).decode() if as_json else "\n".join(map(_line, checks)))
    counts = {status: sum(check.status is status for check in checks) for status in Status}
    if not as_json:
        typer.echo(
            f"{counts[Status.PASS]} passed, {counted(counts[Status.WARN], 'warning')}, {counts[Status.FAIL]} failed."
        )
    if counts[Status.FAIL]:
        raise typer.Exit(1)


def _line(check: Check) -> str:
    return f"{check.status:<4}  {check.name}: {check.sentence}"
