"""Read the operator's organizations, clients and users from a YAML file, or from a folder of CSV and YAML files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.access.registry import People
from app.policy.yaml.model import Data, read_model
from app.policy.yaml.text import YamlRefused, YamlText, read_yaml
from app.registry.contradictions import Listed, Registered, contradictions, people_of
from app.registry.csv_text import read_csv
from app.registry.rows import FOLDER, ClientRow, OrganizationRow, UserRow

DEMO_PEOPLE = Path(__file__).with_name("demo.yaml")

_ROWS: dict[str, type[Data]] = {"organizations": OrganizationRow, "clients": ClientRow, "users": UserRow}
_YAML = frozenset({".yaml", ".yml"})


class _People(Data):
    organizations: tuple[OrganizationRow, ...] = ()
    clients: tuple[ClientRow, ...] = ()
    users: tuple[UserRow, ...] = ()


def read_people_file(path: Path) -> People:
    """Read a YAML file, or all CSV and YAML files of a folder, as one list.

    Raises YamlRefused with all problems, each with file and line, and OSError if a file cannot be read.
    """
    listed: list[Listed] = []
    problems: list[str] = []
    for file in _files(path):
        try:
            listed += read_rows(_text(file), file.parent)
        except YamlRefused as refused:
            problems += refused.problems
    if problems := problems or list(contradictions(listed)):
        raise YamlRefused(problems)
    return people_of(listed)


def read_rows(text: YamlText, folder: Path) -> list[Listed]:
    """Return the rows of a text with their places. `folder` is the one that key files are relative to."""
    people = read_model(text, _People, {FOLDER: folder})
    rows: dict[str, list[Registered]] = {
        "organizations": [row.registered() for row in people.organizations],
        "clients": [row.registered(folder) for row in people.clients],
        "users": [row.registered() for row in people.users],
    }
    return [
        Listed(row, text.source, text.line((kind, index)))
        for kind, registered in rows.items()
        for index, row in enumerate(registered)
    ]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    files = [file for file in sorted(path.iterdir()) if file.suffix in {*_YAML, ".csv"}]
    unknown = [file for file in files if file.suffix == ".csv" and file.stem not in _ROWS]
    expected = ", ".join(f"{kind}.csv" for kind in _ROWS)
    if unknown:
        raise YamlRefused(f"{file}:1: the name of a CSV file must be one of {expected}." for file in unknown)
    if not files:
        raise YamlRefused([f"{path}:1: the folder must have {expected}, or YAML files."])
    yield from files


def _text(file: Path) -> YamlText:
    if file.suffix == ".csv":
        columns = [field.alias or name for name, field in _ROWS[file.stem].model_fields.items()]
        return read_csv(file.read_bytes(), str(file), file.stem, columns)
    try:
        return read_yaml(file.read_text(encoding="utf-8"), str(file))
    except UnicodeDecodeError:
        raise YamlRefused([f"{file}:1: the text must be UTF-8."]) from None


def demo_people() -> People:
    """Read the people of the demo, without keys and passwords."""
    text = read_yaml(DEMO_PEOPLE.read_text(encoding="utf-8"), DEMO_PEOPLE.name)
    return people_of(read_rows(text, DEMO_PEOPLE.parent))
