"""The statements of PAS 2.2.1 about a server: which are shown by a test, which are not, and why not.

`requirements.csv` is written by hand; `python -m tests.conformance.requirements` writes `REQUIREMENTS.md` from it.
The ids are the guide's own: https://hl7.org/fhir/us/davinci-pas/2.2.1/en/conformancedetails.html; those that begin with
`capability-` are what the CapabilityStatement of its servers asks, which ours says it instantiates.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.requirement_marks import Marks

TABLE = Path(__file__).with_name("requirements.csv")
RENDERED = Path(__file__).with_name("REQUIREMENTS.md")
EDITION = "pas-2.2.1/"
COVERED = "covered"
REASONS = ("not yet", "not taken", "not applicable")
NOT_YET = REASONS[0]
STRENGTHS = ("SHALL", "SHOULD", "MAY")

AWAITED = {
    "updates": "an update takes the place of what it updates",
    "subscriptions": "who subscribed is told of a decision",
    "attachments": "more is asked for, and taken, in questionnaires and attachments",
    "clinical data": "whatever supports a request is looked at, and shown by how sensitive it is",
    "must-support": "every element that the profiles call must-support is read, or written",
    "one endpoint": "an edition has one address only",
    "SMART": "clients are registered, and get their tokens over the network",
    "metrics": "what the guide wants to be measured is, and what takes too long is pended",
}
"""What statements that are not shown yet wait for, and when that is there."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the guide in our words, with the tests that show it or the reason why none does.

    One that is not shown yet says what of `AWAITED` it waits for.
    """

    id: str
    strength: str
    text: str
    tests: tuple[str, ...]
    reason: str
    waits_for: str = ""

    @property
    def binding(self) -> str:
        """How much the statement binds: the first word of its strength."""
        return self.strength.split(" ", 1)[0]

    @property
    def standing(self) -> str:
        """Whether it is covered, or which kind of reason it has."""
        return COVERED if self.tests else self.reason.partition(":")[0]


def read_table(file: Path = TABLE) -> list[Statement]:
    """Read the statements in their order."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [
            Statement(
                row["id"],
                row["strength"],
                row["statement"],
                tuple(row["tests"].split()),
                row["reason"],
                row["waits_for"],
            )
            for row in csv.DictReader(rows, strict=True)
        ]


def faults(statements: list[Statement], marks: Marks) -> list[str]:
    """Return what is wrong with the table, and where it and the marks disagree; a sentence each."""
    counted = Counter(one.id for one in statements)
    found = [f"{id_} is there {count} times." for id_, count in counted.items() if count > 1]
    for one in statements:
        found += _row_faults(one)
        found += [
            f"{one.id} names {test}, which does not exist or is not marked with it."
            for test in one.tests
            if EDITION + one.id not in marks.get(test, ())
        ]
    claimed = {(test, EDITION + one.id) for one in statements for test in one.tests}
    known = {EDITION + one.id for one in statements}
    for test, ids in marks.items():
        found += [f"{test} is marked with {id_}, which the table does not have." for id_ in sorted(ids - known)]
        found += [
            f"{test} is marked with {id_}, whose row does not name it."
            for id_ in sorted(ids & known)
            if (test, id_) not in claimed
        ]
    return found


def _row_faults(one: Statement) -> Iterator[str]:
    if any(word not in (*STRENGTHS, "NOT", "/") for word in one.strength.split()) or one.binding not in STRENGTHS:
        yield f"{one.id} has no strength: {one.strength!r}."
    if not one.text:
        yield f"{one.id} says nothing."
    if bool(one.tests) == bool(one.reason):
        yield f"{one.id} ({one.strength}) needs either a covering test or a reason."
    elif one.reason and not (one.standing in REASONS and one.reason.removeprefix(one.standing).strip(": ")):
        yield f"{one.id} has a reason of no known kind: {one.reason!r}."
    elif one.standing == "not taken" and one.binding == "SHALL":
        yield f"{one.id} is a SHALL, which cannot be left out by choice."
    if (one.standing == NOT_YET) != (one.waits_for in AWAITED):
        yield f"{one.id} needs something to wait for if it is not shown yet, and only then: {one.waits_for!r}."


def render(statements: list[Statement]) -> str:
    """Write the counts and the table as markdown."""
    return "\n".join([*_HEAD, *_counts(statements), "", *_waiting(statements), "", *_rows(statements), ""])


def not_yet(statements: list[Statement]) -> dict[str, Counter[str]]:
    """Count the statements that are not shown yet by what they wait for and how much they bind."""
    counted = {awaited: Counter[str]() for awaited in AWAITED}
    for one in statements:
        if one.standing == NOT_YET:
            counted[one.waits_for][one.binding] += 1
    return counted


def _counts(statements: list[Statement]) -> Iterator[str]:
    standings = (COVERED, *REASONS)
    yield "| strength | " + " | ".join(standings) + " | all |"
    yield "|---|" + "---:|" * (len(standings) + 1)
    for name in (*STRENGTHS, "all"):
        counted = Counter(one.standing for one in statements if name in (one.binding, "all"))
        cells = [str(counted[standing]) for standing in standings]
        yield f"| {name} | " + " | ".join([*cells, str(counted.total())]) + " |"


def _waiting(statements: list[Statement]) -> Iterator[str]:
    yield "| not yet: waits for | that is | " + " | ".join(STRENGTHS) + " | statements |"
    yield "|---|---|" + "---:|" * len(STRENGTHS) + "---|"
    for awaited, counted in not_yet(statements).items():
        ids = ", ".join(one.id for one in statements if one.waits_for == awaited)
        cells = " | ".join(str(counted[name]) for name in STRENGTHS)
        yield f"| {awaited} | {AWAITED[awaited]} | {cells} | {ids} |"


def _rows(statements: list[Statement]) -> Iterator[str]:
    yield "| id | strength | statement | shown by, or why not |"
    yield "|---|---|---|---|"
    for one in statements:
        shown = "<br>".join(_link(test) for test in one.tests) or _escaped(one.reason)
        yield f"| {one.id} | {one.strength} | {_escaped(one.text)} | {shown} |"


def _link(test: str) -> str:
    file, _, name = test.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file.removeprefix('tests/')})"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


_HEAD = [
    "# PAS 2.2.1, statement by statement",
    "",
    "What Da Vinci PAS 2.2.1 asks, by the ids of its own list of statements, each in our words; `capability-` is what",
    "its CapabilityStatement for servers asks, which ours instantiates. Written from `requirements.csv` by",
    "`python -m tests.conformance.requirements`; a test compares both with the tests' marks.",
    "",
    "- **covered**: the tests named show the whole statement. A duty of the sender is covered where this server holds",
    "  the sender to it, or takes no harm where it is not kept.",
    "- **not yet**: not done, done in part, or done without a test that shows it whole.",
    "- **not taken**: a SHOULD or MAY that this server does not follow, on purpose.",
    "- **not applicable**: about something that this server is not or does not have.",
    "",
    "SHALL NOT counts as SHALL, SHOULD NOT as SHOULD; a statement of two strengths counts as its first.",
    "",
]


if __name__ == "__main__":
    RENDERED.write_text(render(read_table()), encoding="utf-8")
