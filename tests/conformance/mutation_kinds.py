"""The kinds of single change that the mutations make: which values each can change, and what it makes of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from app.codes import PAS
from tests.conformance import mutation_values as odd
from tests.conformance.spot import Spot

Fits = Callable[[Spot], bool]
Change = Callable[[Spot, Random], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: the values it can be made to, and how it is made."""

    fits: Fits
    change: Change


KINDS: dict[str, Kind] = {}
"""Each kind by its name."""


def kind(fits: Fits) -> Callable[[Change], Change]:
    """Enter a change among the kinds, for the values that fit."""

    def entered(change: Change) -> Change:
        KINDS[change.__name__] = Kind(fits, change)
        return change

    return entered


def anything(_: Spot) -> bool:
    return True


def a(*types: type) -> Fits:
    """Any value of these types."""
    return lambda spot: isinstance(spot.value, types)


def called(*names: str) -> Fits:
    """A text under one of these names."""
    return lambda spot: spot.name in names and isinstance(spot.value, str)


def listed(spot: Spot) -> bool:
    return isinstance(spot.holder, list)


def in_an_object(spot: Spot) -> bool:
    return isinstance(spot.holder, dict)


def a_date(spot: Spot) -> bool:
    return isinstance(spot.value, str) and spot.value[:4].isdigit() and spot.value[4:5] in ("", "-")


@kind(anything)
def delete(spot: Spot, _: Random) -> None:
    del spot.holder[spot.last]


@kind(listed)
def duplicate(spot: Spot, chance: Random) -> None:
    spot.holder.insert(chance.randint(0, len(spot.holder)), copy.deepcopy(spot.value))


@kind(in_an_object)
def rename(spot: Spot, chance: Random) -> None:
    name = spot.last
    typos = (f"{name}x", name.capitalize(), f"_{name}", name[:-1] or "x", *odd.NAMES)
    spot.holder[chance.choice(typos)] = spot.holder.pop(name)


@kind(anything)
def retype(spot: Spot, chance: Random) -> None:
    spot.put(copy.deepcopy(chance.choice(odd.ATOMS)))


@kind(a(str, bool, int))
def write_otherwise(spot: Spot, _: Random) -> None:
    """Write a number or truth value as a text, a text as a number or truth value."""
    value = spot.value
    spot.put(len(value) if isinstance(value, str) else str(value).lower())


@kind(anything)
def empty(spot: Spot, chance: Random) -> None:
    spot.put(copy.deepcopy(chance.choice(odd.EMPTY)))


@kind(anything)
def null(spot: Spot, chance: Random) -> None:
    if listed(spot) and chance.random() < 0.5:
        spot.holder.append(None)
    else:
        spot.put(None)


@kind(anything)
def add(spot: Spot, chance: Random) -> None:
    """Add an element to an object, or to what holds a value."""
    to = spot.value if isinstance(spot.value, dict) else spot.holder
    name, value = chance.choice(odd.NAMES), copy.deepcopy(chance.choice(odd.ATOMS))
    if isinstance(to, dict):
        to[name] = value
    else:
        to.append(value)


@kind(in_an_object)
def swap(spot: Spot, chance: Random) -> None:
    """Swap a value with another of the same object, or with one of the same name elsewhere."""
    other = chance.choice(list(spot.holder))
    if chance.random() < 0.5:
        spot.holder[other], spot.holder[spot.last] = spot.value, spot.holder[other]
    else:
        spot.put(copy.deepcopy(chance.choice(spot.all(spot.last))))


@kind(called("code", "status", "use", "outcome", "gender", "type", "mode", "intent", "valueCode", "resourceType"))
def wrong_code(spot: Spot, chance: Random) -> None:
    others = spot.texts(spot.name)
    value = spot.value
    spot.put(chance.choice((value.upper(), f"{value}x", f" {value}", "unknown", "active", chance.choice(others))))


@kind(called("system", "url", "profile", "versionId", "language"))
def wrong_system(spot: Spot, chance: Random) -> None:
    systems = spot.texts("system")
    spot.put(chance.choice((f"{spot.value}/", spot.value[:-1], spot.value.upper(), *odd.URIS, *systems)))


@kind(a_date)
def bad_date(spot: Spot, chance: Random) -> None:
    spot.put(chance.choice(odd.DATES))


@kind(a(str))
def long_string(spot: Spot, chance: Random) -> None:
    spot.put(chance.choice(("a" * 65, "a" * 300, f"{spot.value} " * 50, "1" * 70, "a" * 70_000)))


@kind(a(str))
def stray_characters(spot: Spot, chance: Random) -> None:
    stray = chance.choice(odd.STRAY)
    spot.put(chance.choice((f"{spot.value}{stray}", f"{stray}{spot.value}", stray)))


@kind(anything)
def deep_nesting(spot: Spot, chance: Random) -> None:
    value, wrap = spot.value, chance.choice(odd.WRAPPINGS)
    for _ in range(chance.choice((2, 5, 20, 60))):
        value = wrap(value)
    spot.put(value)


@kind(a(dict))
def extension_fault(spot: Spot, chance: Random) -> None:
    extension = copy.deepcopy(chance.choice(odd.EXTENSIONS))
    name = chance.choice(("extension", "extension", "modifierExtension"))
    there = spot.value.get(name)
    spot.value[name] = [*there, extension] if isinstance(there, list) else [extension]


@kind(lambda spot: isinstance(spot.value, dict) and "url" in spot.value)
def fault_in_an_extension(spot: Spot, chance: Random) -> None:
    extension = spot.value
    url = str(extension["url"])
    values = [name for name in extension if name.startswith("value")]
    change = chance.randrange(5)
    if change == 0:
        extension["url"] = chance.choice((url[:-1], url.rpartition("/")[2], f"{url}|2.0", PAS + "extension-unheard-of"))
    elif change == 1:
        extension["extension"] = [{"url": "part", "valueString": "x"}]
    elif change == 2 and values:
        extension[chance.choice(odd.VALUES)] = extension.pop(values[0])
    elif change == 3:
        extension.update(copy.deepcopy(chance.choice(odd.WHOLE_EXTENSIONS)))
    else:
        del extension[chance.choice(list(extension))]


@kind(lambda spot: isinstance(spot.value, dict) and spot.name in ("extension", "modifierExtension"))
def extension_out_of_context(spot: Spot, chance: Random) -> None:
    """Put a copy of an extension on another object."""
    extension = copy.deepcopy(spot.value)
    to = chance.choice(list(spot.objects()))
    there = to.get(spot.name)
    to[spot.name] = [*there, extension] if isinstance(there, list) else [extension]


@kind(called("reference"))
def reference_fault(spot: Spot, chance: Random) -> None:
    there = chance.choice(spot.texts("fullUrl") or ["Patient/1"])
    value = spot.value
    spot.put(chance.choice((*odd.REFERENCES, value[:-1], f"{value}/", f"{value}/_history/1", f"/{value}", there)))


@kind(called("fullUrl", "id"))
def full_url_fault(spot: Spot, chance: Random) -> None:
    value = spot.value
    others = spot.texts(spot.name)
    spot.put(chance.choice((*odd.FULL_URLS, f"{value}x", f"{value}/", value.rpartition("/")[2], chance.choice(others))))


@kind(anything)
def array_or_object(spot: Spot, chance: Random) -> None:
    """Make a list of one value, one value of a list, an object of a list, a list of an object's values."""
    value = spot.value
    if isinstance(value, list) and value:
        spot.put(chance.choice((value[0], {str(at): one for at, one in enumerate(value)}, [value])))
    elif isinstance(value, dict):
        spot.put(chance.choice(([value], list(value.values()), list(value), [list(one) for one in value.items()])))
    else:
        spot.put(chance.choice(([value], {"value": value}, {str(value): value}, [value, value])))
