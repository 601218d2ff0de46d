"""Register a row that the options of a command describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import typer

from app.access.registry import Client, Organization, User
from app.cli.ending import CANNOT_USE, ended
from app.cli.registry.options import in_options
from app.cli.registry.store import Refused
from app.policy.loading import SHIPPED_POLICIES, load_files
from app.policy.yaml.model import Data, read_model
from app.policy.yaml.text import YamlRefused, YamlText
from app.ports import Documents
from app.records.access.registry import KINDS, add_row, find, find_organizations
from app.registry.contradictions import hooks_outside, warnings_of
from app.settings import Settings

Model = TypeVar("Model", bound=Data)


def row_of(options: Mapping[str, object], model: type[Model]) -> Model:
    """Return the options as a row of a file. Ends the command with every problem if they are none."""
    try:
        return read_model(YamlText("", dict(options), dict.fromkeys([(), *((key,) for key in options)], 1)), model)
    except YamlRefused as refused:
        raise ended("\n".join(in_options(problem, model) for problem in refused.problems), CANNOT_USE) from refused


async def register(documents: Documents, row: Organization | Client | User, settings: Settings) -> None:
    """Store a new row, and warn if it can do nothing yet. Raises Refused if it contradicts other rows."""
    problems = [*await _problems(documents, row), *hooks_outside([row], settings.hook_origins)]
    if problems:
        raise Refused("\n".join(problems))
    if not await add_row(documents, row):
        noun = KINDS[type(row)]
        raise Refused(f"The {noun} {row.id} is registered already. See it with: preauth {noun} show {row.id}.")
    for sentence in warnings_of([row], _payers(settings)):
        typer.echo(f"Warning: {sentence}", err=True)


async def _problems(documents: Documents, row: Organization | Client | User) -> list[str]:
    """Return the contradictions between a row and registered ones."""
    if isinstance(row, Organization):
        return []
    known = {organization.id for organization in await find_organizations(documents, row.organizations)}
    problems = [
        f"The organization {unknown} is unknown or disabled. Register it: preauth organization add {unknown}."
        for unknown in row.organizations
        if unknown not in known
    ]
    namesake = await find(documents, User if isinstance(row, Client) else Client, row.id)
    if namesake is not None:
        problems.append(f"The id {row.id} is taken: a user must not have the id of a client.")
    return problems


def _payers(settings: Settings) -> set[str]:
    return {policy.name for policy in load_files(settings.policy or SHIPPED_POLICIES).values()}
