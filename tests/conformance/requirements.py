"""List the requirements of PAS 2.2.1, each with its tests or with a reason for their absence.

`requirements.csv` is written by hand; `python -m tests.conformance.requirements` writes `REQUIREMENTS.md` from it.
The ids are the guide's: https://hl7.org/fhir/us/davinci-pas/2.2.1/en/conformancedetails.html. Ids that begin with
`capability-` stand for the guide's CapabilityStatement of a server, which ours instantiates.
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
    "attachments": "the server requests and reads questionnaires and attachments",
    "clinical data": "the server reads all supporting resources, and restricts sensitive ones",
    "must-support": "the server reads and writes every must-support element",
    "one endpoint": "each edition has one base",
    "bound tokens": "the tokens of every client are tied to its certificate",
    "metrics": "the server computes the guide's metrics, and pends slow requests",
}
"""The features that open statements wait for, each with the sentence that is true when the feature exists."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the guide in our words, with its tests or the reason why it has none.

    An open statement names the feature of `AWAITED` that it waits for.
    """

    id: str
    strength: str
    text: str
    tests: tuple[str, ...]
    reason: str
    waits_for: str = ""

    @property
    def binding(self) -> str:
        """SHALL, SHOULD or MAY: the first word of the strength."""
        return self.strength.split(" ", 1)[0]

    @property
    def standing(self) -> str:
        """`covered`, or the kind of the reason."""
        return COVERED if self.tests else self.reason.partition(":")[0]


def read_table(file: Path = TABLE) -> list[Statement]:
    """Read the statements in the order of the file."""
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
    """Return a sentence for each error of the table and each difference from the marks of tests."""
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
    """Count the open statements by feature and strength."""
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
    yield "| not yet: waits for | done when | " + " | ".join(STRENGTHS) + " | statements |"
    yield "|---|---|" + "---:|" * len(STRENGTHS) + "---|"
    for awaited, counted in not_yet(statements).items():
        ids = ", ".join(one.id for one in statements if one.waits_for == awaited)
        cells = " | ".join(str(counted[name]) for name in STRENGTHS)
        yield f"| {awaited} | {AWAITED[awaited]} | {cells} | {ids} |"


def _rows(statements: list[Statement]) -> Iterator[str]:
    yield "| id | strength | statement | tests, or reason |"
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
    "# Requirements of PAS 2.2.1",
    "",
    "This table lists the statements of Da Vinci PAS 2.2.1 in our words, by the guide's ids. Ids that begin with",
    "`capability-` stand for the guide's CapabilityStatement of a server, which ours instantiates. To change the",
    "table, edit `requirements.csv` and run `python -m tests.conformance.requirements`. A test compares the table with",
    "the marks of tests.",
    "",
    "- **covered**: the tests show the whole statement. A duty of the client is covered if the server enforces it, or",
    "  if a violation does no harm.",
    "- **not yet**: not implemented, partly implemented, or implemented without a complete test.",
    "- **not taken**: a SHOULD or MAY that this server deliberately does not follow.",
    "- **not applicable**: about a role or a feature that this server does not have.",
    "",
    "SHALL NOT counts as SHALL, and SHOULD NOT as SHOULD. A statement with two strengths counts as its first one.",
    "",
]


if __name__ == "__main__":
    RENDERED.write_text(render(read_table()), encoding="utf-8")
