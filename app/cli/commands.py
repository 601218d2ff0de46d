"""The commands of `preauth`. Each is imported when it runs: the parts of a server alone take a second."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("serving.serve:serve", "Run the server. It prints `ready http://HOST:PORT/fhir` when it takes requests."),
    "token": ("tokens.token:token", "Print a bearer token for a registered client of a demo server."),
    "launch": (
        "tokens.launch:launch",
        "Print the URL that launches an app for a patient (SMART EHR launch), for testing an app with a demo server.",
    ),
    "validate": ("validate:validate", "Check a FHIR resource; print each issue with its place and its rule."),
    "demo": ("demo:demo", "Follow a prior authorization from the request to the paid claim, over HTTP."),
    "init": ("init:init", "Mark a data folder with the mode of PREAUTH_ENVIRONMENT, and make its signing key."),
    "doctor": (
        "doctor:doctor",
        "Check settings, folder, keys, policies, store, clients, clock and audit trail; print each with its remedy.",
    ),
    "backup": ("backup:backup", "Write an archive of the database, the signing keys and the mode, while servers run."),
    "restore": (
        "backup:restore",
        "Restore an archive into a new data folder, and check every page of its database.",
    ),
    "hash-secret": (
        "registry.hash_secret:hash_secret",
        "Prompt for a secret or a password, or read it from standard input, and print its hash.",
    ),
    "client": ("registry.client:app", "Register, list, disable and remove clients."),
    "organization": ("registry.organization:app", "Register, list, disable and remove provider organizations."),
    "user": ("registry.user:app", "Register, list, disable and remove people who sign in."),
    "policy": ("policy:app", "Check and list a payer's policies."),
    "audit": ("audit:app", "Verify the audit log, and count its usage figures."),
    "metrics": (
        "metrics:metrics",
        "Count the decisions of a payer in a year: the public metrics of 42 CFR 422.122(c), due by March 31.",
    ),
    "denials": ("denials:denials", "Count the answers to the billing claims of a payer, by cause, as they are now."),
    "keys": ("keys:app", "List and rotate the keys that sign tokens."),
}
"""By name: the module and the function or group in it, and the first line of its help."""


class Commands(TyperGroup):
    """The group of `COMMANDS`. It has placeholders with their help, and resolves them to the real commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, (_, line) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=line))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name of the command, the command and its arguments. Raises UsageError for an unknown name."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else imported(name), rest


def imported(name: str) -> Any:
    """Import a command; return it as typer runs it."""
    module, _, part = COMMANDS[name][0].partition(":")
    command = getattr(import_module(f"app.cli.{module}"), part)
    group = typer.Typer(rich_markup_mode="markdown")
    if isinstance(command, typer.Typer):
        group.add_typer(command, name=name)
    else:
        group.command(name)(command)
    return typer.main.get_group(group).commands[name]
