"""`preauth policy`: check policies and their cases, and list the services that need an authorization."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.json import encode as encode_json
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.ending import CANNOT_USE, ended
from app.policy.cases.run_cases import CaseResult, run_cases, unreached
from app.policy.listing import ListedRule, listed_rules, shadowed
from app.policy.loading import SHIPPED_POLICIES, load_cases, load_files
from app.policy.policy import Policy
from app.policy.yaml.text import YamlRefused
from app.safety.refusal import sentence_of

app = typer.Typer(help="Check and list a payer's policies.", no_args_is_help=True)


@app.callback()
def policy() -> None:
    """Check and list a payer's policies."""


@app.command()
def check(
    path: Annotated[
        Path,
        typer.Argument(
            help="A policy file, or a folder of policy files.", show_default="the shipped policies", metavar="PATH"
        ),
    ] = SHIPPED_POLICIES,
) -> None:
    """Load each policy, run its cases, and list the rules that no case reaches or that decide none of their codes.

    The cases of NAME.yaml are in NAME.cases.yaml. The files reasons.yaml and clocks.yaml in the folder count for its
    policies. Exit codes: 0 if all cases pass and reach every rule; 1 if a case fails or no case reaches a rule; 2 if a
    file cannot be read or belongs to no policy, or if two policies have the same name or identifier.

    Example: preauth policy check ./policies/sample-payer.yaml
    """
    with _readable():
        reports = [_check(file, policy) for file, policy in load_files(path).items()]
    problems = [problem for report in reports for problem in report.problems]
    Console(soft_wrap=True).print(_table(reports))
    for problem in problems:
        typer.echo(problem)
    raise typer.Exit(1 if problems else 0)


@app.command("list")
def list_(
    path: Annotated[
        Path,
        typer.Argument(
            help="A policy file, or a folder of policy files.", show_default="the shipped policies", metavar="PATH"
        ),
    ] = SHIPPED_POLICIES,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the services that need an authorization, as the rules of each policy say.

    The rows of a policy are its rules in order: the first row that fits a service line decides it. Exit codes: 0 if the
    list could be printed; 2 if a file cannot be read or belongs to no policy.

    Example: preauth policy list ./policies/sample-payer.yaml --json
    """
    with _readable():
        lists = {policy.name: listed_rules(policy) for policy in load_files(path).values()}
    if json:
        typer.echo(encode_json(lists).decode())
        return
    for name, rows in lists.items():
        Console(soft_wrap=True).print(_list_table(name, rows))


@contextmanager
def _readable() -> Iterator[None]:
    """End the command with the problems of files that cannot be read."""
    try:
        yield
    except YamlRefused as refused:
        raise ended("\n".join(refused.problems), CANNOT_USE) from refused
    except (RuntimeError, OSError) as unreadable:
        raise ended(sentence_of(unreadable), CANNOT_USE) from unreadable


def _list_table(name: str, rows: tuple[ListedRule, ...]) -> Table:
    table = Table("Authorization", "Services", "Conditions", "Rule", "Source", title=name)
    for row in rows:
        services = f"{row.system} {', '.join(row.services)}" if row.services else "all other services"
        days = f" (until {row.until})" if row.until else ""
        conditions = ", ".join(row.conditions) or "none"
        table.add_row(row.need.value, *map(escape, (services, conditions, f"{row.title}{days}", row.reference)))
    return table


class _Report(Struct, frozen=True):
    name: str
    rules: int
    results: tuple[CaseResult, ...]
    unreached: tuple[str, ...]
    shadowed: tuple[str, ...]

    @property
    def failed(self) -> int:
        return sum(bool(result.problems) for result in self.results)

    @property
    def problems(self) -> tuple[str, ...]:
        failures = (f"{self.name}: {case.name}: {problem}." for case in self.results for problem in case.problems)
        unreached_rules = (f"{self.name}: no case reaches rule {rule}." for rule in self.unreached)
        return (*failures, *unreached_rules, *(f"{self.name}: {sentence}." for sentence in self.shadowed))


def _check(file: Path, policy: Policy) -> _Report:
    cases = load_cases(file)
    results = run_cases(policy, cases) if cases is not None else ()
    return _Report(policy.name, len(policy.rules), results, unreached(policy, results), tuple(shadowed(policy)))


def _table(reports: list[_Report]) -> Table:
    table = Table("Policy", "Rules", "Cases", "Failed", "Rules no case reaches")
    for report in reports:
        counts = (str(report.rules), str(len(report.results)), str(report.failed))
        table.add_row(escape(report.name), *counts, escape(", ".join(report.unreached) or "none"))
    return table
