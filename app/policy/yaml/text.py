"""Read hand-written YAML strictly: every value keeps its line number, and ambiguous texts are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, Event, NodeEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Place = tuple[str | int, ...]
"""The keys and list indexes that lead to a value."""

DEEPEST = 20
MOST_PROBLEMS = 100
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_BAD_CHARACTER = "the text has a character that YAML does not allow."
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character, which no UTF-8 text can have. An escape in quotes can write it."""

_HINT = "Compare the indentation, the quotes and the brackets of this line and the lines before it."
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlRefused(ValueError):  # noqa: N818 - named for the event, like Conflict
    """A YAML text is refused. Each of `problems` has the form `FILE:LINE: sentence`; after MOST_PROBLEMS, a note."""

    def __init__(self, problems: Iterable[str]) -> None:
        listed = tuple(problems)
        more = ("More problems are not listed.",) if len(listed) > MOST_PROBLEMS else ()
        self.problems = (*listed[:MOST_PROBLEMS], *more)
        super().__init__("\n".join(self.problems))


class Quoted(str):
    """A text in quotes. Every code must be one."""

    __slots__ = ()


class YamlText(Struct, frozen=True):
    """The plain values of a YAML text, and the line of each value.

    `columns` names the pairs of nested keys that a table has in one column.
    """

    source: str
    data: Any
    lines: Mapping[Place, int]
    columns: Mapping[tuple[str, str], str] = {}

    def name(self, place: Place) -> str:
        """Return the key or the column of a place; empty for the whole text."""
        keys = [part for part in place if isinstance(part, str)]
        return self.columns.get((keys[-2], keys[-1]), keys[-1]) if len(keys) > 1 else "".join(keys)

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest enclosing place in the text."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def refusal(self, place: Place, sentence: str) -> str:
        """Return a problem at a place as `FILE:LINE: sentence`; only the sentence for values of no file."""
        return f"{self.source}:{self.line(place)}: {sentence}" if self.source else sentence


def read_yaml(text: str, source: str) -> YamlText:
    """Read one YAML document.

    Numbers become int or Decimal, dates stay text, and a text in quotes becomes `Quoted`. Raises YamlRefused for bad
    syntax, repeated keys, anchors, aliases, tags, and numbers whose value is not the one they show, such as 007.
    """
    reader = _Reader(source)
    try:
        reader.check(YAML(typ="rt", pure=True).parse(text))
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        fault = ", ".join(filter(None, (error.context, error.problem)))
        raise YamlRefused([f"{source}:{line}: the text is not YAML: {fault}. {_HINT}"]) from None
    except YAMLError:
        raise YamlRefused([f"{source}:1: {_BAD_CHARACTER}"]) from None
    if root is None:
        raise YamlRefused([f"{source}:1: the text is empty."])
    data = reader.value(root, ())
    if reader.problems:
        raise YamlRefused(reader.problems)
    return YamlText(source, data, reader.lines)


class _Reader:
    """Walk the nodes of one document and record lines and problems."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[Place, int] = {}
        self.problems: list[str] = []

    def check(self, events: Iterable[Event]) -> None:
        """Refuse deep nesting, anchors, aliases and tags before any node is built."""
        depth = 0
        for event in events:
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > DEEPEST:
                self.refuse(event, f"the nesting must not exceed {DEEPEST} levels.")
                break
            tagged = isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None
            if tagged or (isinstance(event, NodeEvent) and event.anchor is not None):
                self.refuse(event, "anchors, aliases and tags are not allowed. Write the value itself.")
            if isinstance(event, ScalarEvent) and _SURROGATE.search(event.value):
                self.refuse(event, _BAD_CHARACTER)
        if self.problems:
            raise YamlRefused(self.problems)

    def refuse(self, part: Event | Node, sentence: str) -> None:
        self.problems.append(f"{self.source}:{part.start_mark.line + 1}: {sentence}")

    def value(self, node: Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self.mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        return self.scalar(node) if isinstance(node, ScalarNode) else None

    def mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key.value, str):
                self.refuse(key, "a key must be a plain word.")
                continue
            if key.value in mapping:
                self.refuse(key, f"`{key.value}` appears twice.")
            self.lines[(*place, key.value)] = key.start_mark.line + 1
            mapping[key.value] = self.value(value, (*place, key.value))
        return mapping

    def scalar(self, node: ScalarNode) -> Any:
        text = str(node.value)
        if node.style in {"'", '"'}:
            return Quoted(text)
        kind = str(node.tag).rpartition(":")[2]
        if kind in {"bool", "null"} and text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if kind not in {"int", "float"}:
            return text
        if not _NUMBER.fullmatch(text):
            self.refuse(node, f"{text} is not a plain number. Write a code in quotes.")
            return None
        return Decimal(text) if "." in text else int(text)
