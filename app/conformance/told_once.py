"""What several rules say of one matter is told once: of the first profile that asks for it, at the most exact place."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.bundle_rules.finding import Finding

BETTER = {"bdl-7": "spec-14", "ClaimFirst": "spec-12", "ClaimResponseFirst": "spec-30"}
"""What an invariant says of the whole Bundle and a rule of PAS, where it is broken too, of the entry."""


def told_once(findings: list[Finding]) -> Iterator[Finding]:
    """Give what is found, without what is said already."""
    said: set[tuple[object, str, str]] = set()
    for finding in findings:
        what = (finding.place, finding.family, finding.text)
        better = BETTER.get(finding.rule)
        if what not in said and not any(one.rule == better and _is_in(one, finding) for one in findings if better):
            said.add(what)
            yield finding


def _is_in(one: Finding, other: Finding) -> bool:
    """Whether a finding is about an entry of the Bundle that the other is about."""
    place = one.place
    while isinstance(place, tuple) and place[1] != "entry":
        place = place[0]
    return isinstance(place, tuple) and place[0] == other.place
