"""Files, functions and folders stay small enough to read at once."""

from __future__ import annotations

import ast
from collections import Counter

from tests.house.code import ROOT, functions, length, lines, place, python_files

LONGEST_FILE = 400
LONGEST_WITHOUT_REASON = 250
LONGEST_FUNCTION = 30
FULLEST_FOLDER = 20

REASONS: dict[str, str] = {
    "app/search/parameters.py": "the one table of search parameters",
    "app/adapters/mongodb/store.py": "the only file that imports motor",
    "app/codes.py": "the one place for the URLs of code systems and definitions",
    "app/operations.py": "the one table of operations",
    "app/ports.py": "the contracts of all adapters",
    "app/workflow/changes.py": "the one writer: a field and a line for each kind of row",
    "tests/api/search/test_search.py": "one search parameter after the other, in the order of the table",
    "tests/store/test_sqlite.py": "all faults that only SQLite can have",
    "tests/unit/workflow/test_changes.py": "each kind of row that a change writes",
    "tests/unit/records/test_resources_shelf.py": "all reads of one shelf",
}
"""Files over 250 lines, each with the reason to keep it whole."""


def test_no_file_is_longer_than_400_lines() -> None:
    assert [place(file) for file in python_files() if lines(file) > LONGEST_FILE] == []


def test_a_file_over_250_lines_has_a_reason_and_every_reason_a_file() -> None:
    assert {place(file) for file in python_files() if lines(file) > LONGEST_WITHOUT_REASON} == set(REASONS)


def test_no_function_is_longer_than_30_lines() -> None:
    long = [
        f"{place(file, function.lineno)} {function.name}: {length(function)}"
        for file in python_files()
        for function in functions(file)
        if length(function) > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_room_of_the_program_or_of_its_tests_holds_more_than_20_python_files() -> None:
    rooms = [ROOT / "app", ROOT / "tests/unit", ROOT / "tests/api"]
    files = [file for file in python_files() if any(file.is_relative_to(room) for room in rooms)]
    folders = Counter(place(file.parent) for file in files)
    assert {folder: count for folder, count in folders.items() if count > FULLEST_FOLDER} == {}


def test_a_docstring_and_decorators_do_not_count_as_length() -> None:
    source = "@decorated\n@twice\ndef f():\n    '''One.\n\n    Two.\n    '''\n    return 1\n"
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert length(function) == 2
