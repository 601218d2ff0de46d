"""The texts of the project are plain English: subject first, the field's nouns, no noun made of `what` or `who`."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.code import ROOT, functions, place, python_files, tree

PHRASES = (
    r"\b(?:is|are|was|were|be|been) (?:told|asked|said|looked (?:at|through|into))\b",
    r"\b(?:of|from|to|by|for|with|in|on|about|as|than|like) (?:what|who|whoever|whatever)\b",
    r"\b(?:of|to|for|by|from) whom\b",
    r"\b(?:that which|the like|whoever|whatever|all the same|no use for|plainly|nobody|somebody)\b",
    r"\b(?:such|it|this|that|which|who|what) (?:is|are|was|were) (?:none|no)\b(?! longer)",
    r"\b(?:all|nothing|none|everything) (?:that|which|of it|of them|of that)\b",
    r"\bof such\b|\bas such\b|\bsuch (?:one|ones|is|are)\b",
    r"(?:^|[.:;] )(?:What|Who|Whom|Whose|Whatever)\b(?![^.]*\?)",
    r"\b(?:is|are) accepted\b",
    r"\b(?:says no|tells? nothing|said so|says so|as it came|as they came)\b",
)
"""Phrases that hide the subject of a sentence or stand in for a noun of the field."""

IN_TEST_NAMES = (
    *PHRASES,
    r"\b(?:what|whoever|whatever|whose|nobody|somebody|told|asked|says|tells)\b",
    r"\b(?:is|are|was|were) no\b(?! longer)",
    r"\blooked (?:at|for|into|through)\b",
    r"\bas (?:it|they) (?:is|are|was|were)\b",
)
"""Phrases that the name of a test, read as a sentence, leaves out."""

VAGUE_NAMES = frozenset({"one", "found", "holds", "told", "asked", "each", "such", "what", "said", "others"})
LONGEST_VAGUE_LIFE = 3
"""Lines between the first and the last use of a vague local name."""

PROGRAM = [file for file in python_files() if file.is_relative_to(ROOT / "app")]
TESTS = [file for file in python_files() if file.name.startswith("test_")]
PAGES = sorted(
    file
    for pattern in (
        *("*.md", "docs/*.md", "profiles/*.md", "tests/conformance/REQUIREMENTS.md", "tests/security/*.csv"),
        *("capability/*.json", "app/**/*.md", "app/**/*.yaml", "app/**/*.html", ".github/**/*.*"),
    )
    for file in ROOT.glob(pattern)
    if "vendor" not in file.parts
)
"""The pages, and the files whose texts users of the server or contributors read."""


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings and the comments of a Python file, or the lines of a page."""
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        yield from enumerate(source.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, " ".join(node.value.split())


@pytest.mark.parametrize("file", [*PROGRAM, *PAGES], ids=place)
def test_texts_keep_to_plain_english(file: Path) -> None:
    hits = [
        f"{place(file, line)}: {match[0]!r} in {text[:100]!r}"
        for line, text in _texts(file)
        for phrase in PHRASES
        for match in re.finditer(phrase, text)
    ]
    assert hits == []


@pytest.mark.parametrize("file", TESTS, ids=place)
def test_names_of_tests_are_plain_sentences(file: Path) -> None:
    names = [function.name for function in functions(file) if function.name.startswith("test_")]
    sentences = [name.removeprefix("test_").replace("_", " ").capitalize() for name in names]
    assert [text for text in sentences if any(re.search(phrase, text) for phrase in IN_TEST_NAMES)] == []


@pytest.mark.parametrize("file", PROGRAM, ids=place)
def test_a_local_that_lives_for_more_than_three_lines_has_a_name_of_the_domain(file: Path) -> None:
    hits = []
    for function in functions(file):
        uses: dict[str, list[int]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Name | ast.arg):
                uses.setdefault(node.id if isinstance(node, ast.Name) else node.arg, []).append(node.lineno)
        hits += [
            f"{place(file, min(lines))}: {name}"
            for name, lines in uses.items()
            if name in VAGUE_NAMES and max(lines) - min(lines) > LONGEST_VAGUE_LIFE
        ]
    assert hits == []


@pytest.mark.parametrize(
    "text",
    ["What is stored is read.", "depends on what the client sent", "it is told to nobody", "A text is accepted."],
)
def test_a_hidden_subject_is_noticed(text: str) -> None:
    assert any(re.search(phrase, text) for phrase in PHRASES)
