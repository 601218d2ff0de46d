"""`preauth validate`: check a FHIR file against R4 and a profile, with the server's engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.cli.ending import CANNOT_USE, ended
from app.conformance.admission import edition_validator
from app.conformance.choice import issues_of
from app.conformance.definitions.node import NotUnderstood
from app.conformance.definitions.packages import PackageRefused
from app.conformance.strictness import Level
from app.conformance.validator import UnknownProfile
from app.counts import counted
from app.fhir.json import read
from app.fhir.outcome import FhirError, Issue
from app.pas.edition import EDITIONS
from app.safety.refusal import sentence_of
from app.settings import SettingsRefused, load_settings

CURRENT = next(iter(EDITIONS))


def _known_edition(text: str) -> str:
    if text not in EDITIONS:
        raise typer.BadParameter(f"must be one of {', '.join(EDITIONS)}")
    return text


def validate(
    file: Annotated[Path, typer.Argument(help="A FHIR resource as JSON.", show_default=False, metavar="FILE")],
    profile: Annotated[
        str | None,
        typer.Option(help="Canonical URL of the profile.", show_default="meta.profile, or the profile of the Bundle"),
    ] = None,
    edition: Annotated[
        str, typer.Option(help="The version of PAS.", parser=_known_edition, metavar="|".join(EDITIONS))
    ] = CURRENT,
    level: Annotated[
        Level | None, typer.Option(help="How strict the checks are.", show_default="PREAUTH_STRICTNESS")
    ] = None,
) -> None:
    """Check a FHIR resource; print each issue with its place and its rule.

    The command knows the profiles of the edition and of the packages in PREAUTH_PACKAGES. Exit codes: 0 without
    errors; 1 with errors; 2 if the file, the profile or a setting cannot be used.

    Example: preauth validate request.json --edition 2.0.1
    """
    try:
        issues = _issues(file, profile, edition, level)
    except (OSError, UnknownProfile, SettingsRefused, PackageRefused, NotUnderstood) as refused:
        raise ended(sentence_of(refused), CANNOT_USE) from refused
    for issue in issues:
        typer.echo(_line(issue))
    counts = Counter(issue.severity for issue in issues)
    typer.echo(f"{file}: {counted(counts['error'], 'error')}, {counted(counts['warning'], 'warning')}")
    if counts["error"]:
        raise typer.Exit(1)


def _issues(file: Path, profile: str | None, edition: str, level: Level | None) -> Sequence[Issue]:
    settings = load_settings(strictness=level)
    engine = edition_validator(edition, settings.packages, tuple(settings.package_sha256.items()))
    try:
        issues = issues_of(engine, read(file.read_bytes()), profile, Level(settings.strictness))
    except FhirError as unreadable:
        return unreadable.issues
    for invariant in engine.unchecked:
        typer.echo(f"Warning: the server has no check for invariant {invariant}.", err=True)
    return issues


def _line(issue: Issue) -> str:
    where = issue.expression or "the body"
    rule = f"  [{issue.diagnostics}]" if issue.diagnostics else ""
    return f"{issue.severity:<8} {where}: {issue.text}{rule}"
