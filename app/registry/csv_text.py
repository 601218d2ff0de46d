"""Read a CSV file, as a spreadsheet saves it, into the values and lines that a YAML text would have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from app.policy.yaml.text import Place, Quoted, YamlRefused, YamlText

_OF_CLIENTS = ("scopes", "grants", "secrets", "redirect-uris", "origins", "hooks", "certificates")
LISTS = frozenset({"npis", "tins", "sender-ids", "organizations", "payers", *_OF_CLIENTS})
"""The columns with several values, separated by spaces or line breaks."""

_MEMBER = {"member-payer": "payer", "member-id": "id"}
_SEPARATORS = (";", "\t")
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def read_csv(content: bytes, source: str, kind: str, columns: Sequence[str]) -> YamlText:
    """Return the rows of a CSV file as a mapping with one list, `kind`.

    `columns` are the known ones. Values are separated by commas, semicolons or tabs, as the first line shows. Raises
    YamlRefused with file and line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise YamlRefused([f"{source}:1: the text must be UTF-8. Save it as “CSV UTF-8”."]) from None
    table = _rows(text)
    line, header = next(table, (1, []))
    names = [cell.strip().lower().replace("_", "-").replace(" ", "-") for cell in header]
    if problems := list(_header_problems(names, columns)):
        raise YamlRefused(f"{source}:{line}: {problem}" for problem in problems)
    rows: list[dict[str, Any]] = []
    lines: dict[Place, int] = {(): 1, (kind,): 1}
    for line, cells in table:
        if len(cells) > len(names):
            raise YamlRefused([f"{source}:{line}: the row has more cells than the first line."])
        row = _row(dict(zip(names, cells, strict=False)))
        if row:
            place: Place = (kind, len(rows))
            lines[place] = line
            rows.append(row)
    return YamlText(source, {kind: rows}, lines)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its first line."""
    first = text.partition("\n")[0]
    separator = next((mark for mark in _SEPARATORS if mark in first and "," not in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _header_problems(names: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    known = [*(name for name in columns if name not in ("member", "jwks")), *(_MEMBER if "member" in columns else ())]
    if "id" not in names:
        yield f"the first line must name the columns, `id` among them. Known columns: {', '.join(known)}."
        return
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
            row.setdefault("member", {})[_MEMBER[name]] = cell
        elif name in LISTS:
            row[name] = [Quoted(part) for part in cell.split()]
        elif name == "disabled":
            row[name] = _WORDS.get(cell.lower(), cell)
        else:
            row[name] = Quoted(cell)
    return row
