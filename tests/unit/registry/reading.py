"""Read people from a text, and collect the problems of a refused one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.access.registry import People
from app.policy.yaml.text import YamlRefused
from app.registry.people_file import read_people_file

HASH = "scrypt$32768$8$1$AAECAwQFBgcICQoLDA0ODw==$r/FC61L5m17hu8GiGqBl5DY1LCyAzAtJlEffRIF9Y2I="


def read(folder: Path, text: str) -> People:
    file = folder / "people.yaml"
    file.write_text(text, encoding="utf-8")
    return read_people_file(file)


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(YamlRefused) as refused:
        read(folder, text)
    return refused.value.problems
