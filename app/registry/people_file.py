"""Read the operator's organizations, clients and users from a YAML file, or from a folder of CSV and YAML files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from app.access.registry import People
from app.policy.yaml.model import Data, read_model
from app.policy.yaml.text import YamlRefused, YamlText, read_yaml
from app.registry.contradictions import Listed, contradictions, listings
from app.registry.csv_text import Table, read_csv
from app.registry.rows import FOLDER, ClientRow, OrganizationRow, UserRow

DEMO_PEOPLE = Path(__file__).with_name("demo.yaml")

MOST_BYTES = 4_194_304
"""The most bytes of a file: a table of some ten thousand clients."""

_ROWS: dict[str, type[Data]] = {"organizations": OrganizationRow, "clients": ClientRow, "users": UserRow}
_YAML = frozenset({".yaml", ".yml"})
_PLACE = re.compile(r"(?P<file>.*?):(?P<line>[0-9]+): ")


class _People(Data):
    organizations: tuple[OrganizationRow, ...] = ()
    clients: tuple[ClientRow, ...] = ()
    users: tuple[UserRow, ...] = ()


def read_people_file(path: Path) -> People:
    """Read a YAML file, or all CSV and YAML files of a folder, as one list.

    Raises YamlRefused with all problems, each with file and line, and OSError if a file cannot be read.
    """
    files, problems = _files(path)
    people, listed, unreadable = list[People](), list[Listed](), False
    for file in files:
        try:
            table = _table(file)
        except YamlRefused as refused:
            problems += refused.problems
            unreadable = True
            continue
        problems += table.problems
        listed += listings(table.text)
        try:
            people.append(read_rows(table.text, file.parent))
        except YamlRefused as refused:
            problems += refused.problems
    if not unreadable:  # else rows are missing, and others would seem to contradict them
        problems += contradictions(listed)
    if problems:
        raise YamlRefused(sorted(problems, key=_place))
    return _joined(people)


def read_rows(text: YamlText, folder: Path) -> People:
    """Return the rows of a text. `folder` is the one that key files are relative to. Raises YamlRefused."""
    people = read_model(text, _People, {FOLDER: folder})
    return People(
        organizations=tuple(row.registered() for row in people.organizations),
        clients=tuple(row.registered(folder) for row in people.clients),
        users=tuple(row.registered() for row in people.users),
    )


def _joined(people: Sequence[People]) -> People:
    return People(
        organizations=tuple(row for one in people for row in one.organizations),
        clients=tuple(row for one in people for row in one.clients),
        users=tuple(row for one in people for row in one.users),
    )


def _files(path: Path) -> tuple[list[Path], list[str]]:
    """Return the files, and the problems of those that cannot be meant."""
    if not path.is_dir():
        return [path], []
    files = [file for file in sorted(path.iterdir()) if file.suffix in {*_YAML, ".csv"}]
    unknown = [file for file in files if file.suffix == ".csv" and file.stem not in _ROWS]
    expected = ", ".join(f"{kind}.csv" for kind in _ROWS)
    if not files:
        raise YamlRefused([f"{path}:1: the folder must have {expected}, or YAML files."])
    problems = [f"{file}:1: the name of a CSV file must be one of {expected}." for file in unknown]
    return [file for file in files if file not in unknown], problems


def _table(file: Path) -> Table:
    if file.stat().st_size > MOST_BYTES:
        raise YamlRefused([f"{file}:1: the file must have at most {MOST_BYTES:,} bytes. Divide it into several."])
    if file.suffix == ".csv":
        columns = [field.alias or name for name, field in _ROWS[file.stem].model_fields.items()]
        return read_csv(file.read_bytes(), str(file), file.stem, columns)
    try:
        return Table(read_yaml(file.read_text(encoding="utf-8"), str(file)), ())
    except UnicodeDecodeError:
        raise YamlRefused([f"{file}:1: the text must be UTF-8."]) from None


def _place(problem: str) -> tuple[bool, str, int]:
    """Return the place of a problem to sort by; a note without a place is the last."""
    place = _PLACE.match(problem)
    return (True, "", 0) if place is None else (False, place["file"], int(place["line"]))


def demo_people() -> People:
    """Read the people of the demo, without keys and passwords."""
    text = read_yaml(DEMO_PEOPLE.read_text(encoding="utf-8"), DEMO_PEOPLE.name)
    return read_rows(text, DEMO_PEOPLE.parent)
