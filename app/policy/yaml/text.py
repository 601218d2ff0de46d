"""YAML that people write by hand, read strictly: every value knows its line, and nothing is guessed."""

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
"""The keys and indexes that lead to a value."""

DEEPEST = 20
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlRefused(ValueError):  # noqa: N818 - it says what happened, as Conflict does
    """A text that cannot be used. `problems` says where and why: one `FILE:LINE: sentence` each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Quoted(str):
    """A text that was written in quotes, as every code is."""

    __slots__ = ()


class YamlText(Struct, frozen=True):
    """What a text says in plain values, and on which line each of them stands."""

    source: str
    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest place around it that the text has."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def refusal(self, place: Place, sentence: str) -> str:
        """Say what is wrong at a place."""
        return f"{self.source}:{self.line(place)}: {sentence}"


def read_yaml(text: str, source: str) -> YamlText:
    """Read one YAML document.

    Numbers become int or Decimal, dates stay text, and a text in quotes is a `Quoted`. Raises YamlRefused for bad
    syntax, a key given twice, anchors, aliases and tags, and for numbers that YAML would read as others than they look.
    """
    reader = _Reader(source)
    try:
        reader.check(YAML(typ="rt", pure=True).parse(text))
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlRefused([f"{source}:{line}: {error.problem or error.context}."]) from None
    except YAMLError:
        raise YamlRefused([f"{source}:1: the text holds a character that YAML does not allow."]) from None
    if root is None:
        raise YamlRefused([f"{source}:1: the text is empty."])
    data = reader.value(root, ())
    if reader.problems:
        raise YamlRefused(reader.problems)
    return YamlText(source, data, reader.lines)


class _Reader:
    """Walks the nodes of one document and notes lines and problems on the way."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[Place, int] = {}
        self.problems: list[str] = []

    def check(self, events: Iterable[Event]) -> None:
        """Refuse what could make a text mean more than it shows, before any of it is built."""
        depth = 0
        for event in events:
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > DEEPEST:
                self.refuse(event, f"nested deeper than {DEEPEST} levels.")
                break
            tagged = isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None
            if tagged or (isinstance(event, NodeEvent) and event.anchor is not None):
                self.refuse(event, "anchors, aliases and tags are not accepted here; write the value out.")
        if self.problems:
            raise YamlRefused(self.problems)

    def refuse(self, found: Event | Node, sentence: str) -> None:
        self.problems.append(f"{self.source}:{found.start_mark.line + 1}: {sentence}")

    def value(self, node: Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self.mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(each, (*place, index)) for index, each in enumerate(node.value)]
        return self.scalar(node) if isinstance(node, ScalarNode) else None

    def mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key.value, str):
                self.refuse(key, "a key must be a plain word.")
                continue
            if key.value in found:
                self.refuse(key, f"`{key.value}` is given twice.")
            self.lines[(*place, key.value)] = key.start_mark.line + 1
            found[key.value] = self.value(value, (*place, key.value))
        return found

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
            self.refuse(node, f"{text} is not a plain number; a code is written in quotes.")
            return None
        return Decimal(text) if "." in text else int(text)
