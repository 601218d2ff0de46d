from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.yaml.text import Quoted, YamlRefused, read_yaml


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: `a` appears twice."),
        ("a: [1,\n  b: 2\n", "f.yaml:3: the text is not YAML: while parsing a flow sequence, expected ',' or ']'"),
        ("a: 1\nb: &x 1\n", "f.yaml:2: anchors, aliases and tags are not allowed. Write the value itself."),
        (
            "a: !!python/name:os.system x\n",
            "f.yaml:1: anchors, aliases and tags are not allowed. Write the value itself.",
        ),
        ("a: !secret {b: 1}\n", "f.yaml:1: anchors, aliases and tags are not allowed. Write the value itself."),
        ("[" * 30, "f.yaml:1: the nesting must not exceed 20 levels."),
        ("", "f.yaml:1: the text is empty."),
        ("a: \x01\n", "f.yaml:1: the text has a character that YAML does not allow."),
        ('a: 1\nb: "\\ud800"\n', "f.yaml:2: the text has a character that YAML does not allow."),
        ("? [a]\n: 1\n", "f.yaml:1: a key must be a plain word."),
        (
            "a: 1\n--- \nb: 2\n",
            "f.yaml:2: the text is not YAML: expected a single document in the stream, but found another document.",
        ),
        ("a: 1\nb: 007\n", "f.yaml:2: 007 is not a plain number. Write a code in quotes."),
        ("a: 0x1F\n", "f.yaml:1: 0x1F is not a plain number. Write a code in quotes."),
        ("a: 1E400\n", "f.yaml:1: 1E400 is not a plain number. Write a code in quotes."),
        ("a: .inf\n", "f.yaml:1: .inf is not a plain number. Write a code in quotes."),
        ("a: " + "9" * 5000, "f.yaml:1: " + "9" * 5000 + " is not a plain number. Write a code in quotes."),
    ],
)
def test_an_ambiguous_text_is_refused_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        read_yaml(text, "f.yaml")
    assert refused.value.problems[0].startswith(problem)
    assert str(refused.value).startswith(problem)


def test_a_text_that_is_not_yaml_is_refused_with_its_line_and_a_hint() -> None:
    with pytest.raises(YamlRefused) as refused:
        read_yaml("rules:\n  - id: a\n\t- id: b\n", "f.yaml")
    (problem,) = refused.value.problems
    assert problem.startswith("f.yaml:3: the text is not YAML: ")
    assert problem.endswith(
        "Compare the indentation, the quotes and the brackets of this line and the lines before it."
    )


def test_each_value_gets_the_type_of_its_spelling() -> None:
    text = "int: 12\ndecimal: -1.50\nday: 2026-01-01\nword: yes\ntrue: true\nnone:\nquoted: '12'\nlist: [a, ~]\n"
    data = read_yaml(text, "f.yaml").data
    assert data == {
        "int": 12,
        "decimal": Decimal("-1.50"),
        "day": "2026-01-01",
        "word": "yes",
        "true": True,
        "none": None,
        "quoted": "12",
        "list": ["a", None],
    }
    assert str(data["decimal"]) == "-1.50"
    assert isinstance(data["quoted"], Quoted)
    assert not isinstance(data["word"], Quoted)


def test_every_value_has_a_line_and_a_missing_one_has_its_parents_line() -> None:
    yaml = read_yaml("a:\n  - b: 1\n    c: 2\n  - d: 3\n", "f.yaml")
    assert yaml.line(("a", 0, "c")) == 3
    assert yaml.line(("a", 1)) == 4
    assert yaml.refusal(("a", 1, "e", "f"), "missing.") == "f.yaml:4: missing."
    assert yaml.line(("z",)) == 1


@given(st.text(max_size=60) | st.text("ab1:-[]{}&*!|>'\"%@#,?~. \n\t\\", max_size=60))
def test_any_text_is_read_or_refused_with_its_file_and_line(text: str) -> None:
    problems: tuple[str, ...] = ()
    try:
        read_yaml(text, "f.yaml")
    except YamlRefused as refused:
        problems = refused.problems
    assert [problem for problem in problems if not re.match(r"f\.yaml:[1-9][0-9]*: .+", problem)] == []
