"""Read a CSV file, as a spreadsheet saves it, into the values and lines that a YAML text would have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from app.policy.yaml.text import Place, Quoted, YamlRefused, YamlText

_OF_CLIENTS = ("scopes", "grants", "secrets", "redirect-uris", "origins", "hooks", "certificates")
LISTS = frozenset({"npis", "tins", "sender-ids", "organizations", "payers", *_OF_CLIENTS})
"""The columns with several values, separated by spaces or line breaks."""

_MEMBER = {"member-payer": "payer", "member-id": "id"}
_COLUMNS = {("member", key): column for column, key in _MEMBER.items()}
_SEPARATORS = (";", "\t")
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


class Table(Struct, frozen=True):
    """The rows of a CSV file as a mapping with one list, and the `problems` of the table itself."""

    text: YamlText
    problems: tuple[str, ...]


def read_csv(content: bytes, source: str, kind: str, columns: Sequence[str]) -> Table:
    """Return the rows of a CSV file as a mapping with one list, `kind`.

    `columns` are the known ones. Values are separated by commas, semicolons or tabs, as the first line shows. Raises
    YamlRefused with file and line if the text is not CSV, or has no column `id`.
    """
    try:
        table = list(_rows(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise YamlRefused([f"{source}:1: the text must be UTF-8. Save it as “CSV UTF-8”."]) from None
    except csv.Error as malformed:
        raise YamlRefused([f"{source}:{malformed.args[1]}: the text is not CSV: {malformed.args[0]}."]) from None
    line, header = table[0] if table else (1, [])
    names = [cell.strip().lower().replace("_", "-").replace(" ", "-") for cell in header]
    known = _known(columns)
    if "id" not in names:
        text = f"the first line must name the columns, `id` among them. Known columns: {', '.join(known)}."
        raise YamlRefused([f"{source}:{line}: {text}"])
    problems = [f"{source}:{line}: {problem}" for problem in _header_problems(names, known)]
    rows: list[dict[str, Any]] = []
    lines: dict[Place, int] = {(): 1, (kind,): 1}
    for line, cells in table[1:]:
        if len(cells) > len(names):
            problems.append(f"{source}:{line}: the row has more cells than the first line.")
        row = _row({name: cell for name, cell in zip(names, cells, strict=False) if name in known})
        if row:
            lines |= dict.fromkeys(_places(row, (kind, len(rows))), line)
            rows.append(row)
    return Table(YamlText(source, {kind: rows}, lines, _COLUMNS), tuple(problems))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its first line. Raises csv.Error with a text and a line."""
    first = text.partition("\n")[0]
    separator = next((mark for mark in _SEPARATORS if mark in first and "," not in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as malformed:
        raise csv.Error(str(malformed), line) from malformed


def _known(columns: Sequence[str]) -> list[str]:
    """Return the columns of a table: a member has two, and key sets fit in no cell."""
    plain = [name for name in columns if name not in ("member", "jwks")]
    return [*plain, *(_MEMBER if "member" in columns else ())]


def _header_problems(names: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if name not in known:
            yield f"`{name}` is an unknown column. Known columns: {', '.join(known)}."
        if names.count(name) > 1:
            yield f"`{name}` appears twice."


def _row(cells: dict[str, str]) -> dict[str, Any]:
    """Return the values of the cells that are not empty."""
    row: dict[str, Any] = {}
    for name, text in cells.items():
        if not (cell := text.strip()):
            continue
        if name in _MEMBER:
            row.setdefault("member", {})[_MEMBER[name]] = Quoted(cell)
        elif name in LISTS:
            row[name] = [Quoted(part) for part in cell.split()]
        elif name == "disabled":
            row[name] = _WORDS.get(cell.lower(), cell)
        else:
            row[name] = Quoted(cell)
    return row


def _places(value: Any, place: Place) -> Iterator[Place]:
    """Yield the place of a value, and of each value inside it."""
    yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from _places(part, (*place, key))
