"""Single mutations of a body, for tests that try many: one fault, of any kind, anywhere in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.conformance.mutation_kinds import KINDS
from tests.conformance.spot import Spot

Json = dict[str, Any]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A body with one change, of which kind it is, and where."""

    body: Json
    kind: str
    place: str


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Give the path of each value below a value."""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        yield (*path, step)
        yield from paths(below, (*path, step))


def mutation(body: Json, chance: Random) -> Mutation:
    """Change a copy of a body in one place, by a kind of change that some value in it can have."""
    changed = copy.deepcopy(body)
    spots = [_spot(changed, path) for path in paths(body)]
    while True:
        name = chance.choice(list(KINDS))
        kind = KINDS[name]
        if fitting := [spot for spot in spots if kind.fits(spot)]:
            break
    spot = chance.choice(fitting)
    kind.change(spot, chance)
    return Mutation(changed, name, ".".join(map(str, spot.path)))


def mutated(body: Json, chance: Random) -> Json:
    """Return a body with one change."""
    return mutation(body, chance).body


def _spot(body: Json, path: Path) -> Spot:
    holder: Any = body
    for step in path[:-1]:
        holder = holder[step]
    return Spot(body, holder, path)
