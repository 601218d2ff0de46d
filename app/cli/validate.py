"""`preauth validate`: check a FHIR file against R4 and a profile, with the engine that the server has."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.conformance.definitions.packages import edition_definitions
from app.conformance.strictness import Level
from app.conformance.validator import Validator
from app.fhir.json import read
from app.fhir.outcome import FhirError, Issue
from app.fhir.systems import pas

FIRST_ENTRY = {"Claim": pas("profile-pas-request-bundle"), "ClaimResponse": pas("profile-pas-response-bundle")}
"""What a Bundle without a declared profile is checked as, by the type of its first entry."""

UNUSABLE = 2


class EditionName(StrEnum):
    """The editions by version."""

    CURRENT = "2.2.1"
    EARLIER = "2.0.1"


def validate(
    file: Annotated[Path, typer.Argument(help="A resource as FHIR JSON.", show_default=False)],
    profile: Annotated[
        str | None, typer.Option(help="Canonical URL; without it: meta.profile, or the Bundle's.")
    ] = None,
    edition: Annotated[EditionName, typer.Option(help="The version of PAS.")] = EditionName.CURRENT,
    level: Annotated[Level, typer.Option(help="How strict.")] = Level.STANDARD,
) -> None:
    """Check a resource and say what is wrong with it, where, and by which rule.

    The exit code is 0 where there is no error, 1 where there is, and 2 where the file or the profile cannot be used.

    Example: preauth validate request.json --edition 2.0.1
    """
    try:
        resource = read(file.read_bytes())
        issues = Validator(edition_definitions(edition)).validate(resource, profile or _kind(resource), level=level)
    except FhirError as unreadable:
        issues = unreadable.issues
    except (OSError, LookupError) as unusable:
        typer.echo(f"{file}: {unusable}", err=True)
        raise typer.Exit(UNUSABLE) from unusable
    for issue in issues:
        typer.echo(_line(issue))
    counts = Counter(issue.severity for issue in issues)
    typer.echo(f"{file}: {counts['error']} errors, {counts['warning']} warnings")
    if counts["error"]:
        raise typer.Exit(1)


def _kind(resource: dict[str, Any]) -> str | None:
    """Choose the profile of a Bundle that declares none; whatever declares one is checked by that."""
    if resource.get("resourceType") != "Bundle" or resource.get("meta"):
        return None
    entries = resource.get("entry")
    first = entries[0] if isinstance(entries, list) and entries else None
    inner = first.get("resource") if isinstance(first, dict) else None
    return FIRST_ENTRY.get(str(inner.get("resourceType"))) if isinstance(inner, dict) else None


def _line(issue: Issue) -> str:
    where = issue.expression or "the body"
    rule = f"  [{issue.diagnostics}]" if issue.diagnostics else ""
    return f"{issue.severity:<8} {where}: {issue.text}{rule}"
