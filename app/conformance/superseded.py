"""Drop repeated findings, and findings that a better rule replaces."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.bundle_rules.finding import Finding

SUPERSEDED_BY = {"bdl-7": "spec-14", "ClaimFirst": "spec-12", "ClaimResponseFirst": "spec-30"}
"""Invariant key → the PAS rule that reports the same fault at the entry instead of the whole Bundle."""


def without_superseded(findings: list[Finding]) -> Iterator[Finding]:
    """Yield each finding once; of several profiles with the same text at one place, the first."""
    yielded: set[tuple[object, str, str]] = set()
    for finding in findings:
        key = (finding.place, finding.family, finding.text)
        if key not in yielded and not _is_superseded(finding, findings):
            yielded.add(key)
            yield finding


def _is_superseded(finding: Finding, findings: list[Finding]) -> bool:
    better_rule = SUPERSEDED_BY.get(finding.rule)
    return better_rule is not None and any(
        other.rule == better_rule and _is_at_entry_of(other, finding) for other in findings
    )


def _is_at_entry_of(finding: Finding, of_bundle: Finding) -> bool:
    """Return whether a finding is at an entry of the Bundle that the other finding is about."""
    place = finding.place
    while isinstance(place, tuple) and place[1] != "entry":
        place = place[0]
    return isinstance(place, tuple) and place[0] == of_bundle.place
