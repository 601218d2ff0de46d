"""Enforce granular scopes: their conditions become conditions on terms, in every read and every search.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product

from app.access.grant import Grant, Role
from app.access.reach import DIRECTORY, PATIENT, REACH, Reach, Terms
from app.access.scopes import Context, Scope, allowing, parse
from app.search.parameters import COMMON, PARAMETERS, comparable_value
from app.search.terms import Kind, SearchParameter
from app.search.values import Condition, condition

LETTERS = "rs"

_ENFORCED = frozenset({Kind.TOKEN, Kind.REFERENCE})

Conditions = Mapping[str, tuple[str, ...]]
"""By term, the values that one scope allows."""


def check_scopes(scopes: Iterable[str]) -> None:
    """Check that the server can enforce the conditions of the scopes, each and together.

    Scopes without conditions are not checked. Raises ValueError with a text for the client.
    """
    granular: dict[tuple[str, str], list[Conditions]] = {}
    for text in scopes:
        if "?" not in text:
            continue
        scope = parse(text)
        for letter in scope.letters:
            granular.setdefault((scope.type, letter), []).append(_conditions(scope))
    for alternatives in granular.values():
        _together(alternatives)


def narrowed(reach: Reach, grant: Grant) -> Reach:
    """Return the reach with the conditions of the grant's scopes.

    A `patient/` scope of a user or a system limits it to the patient in context.
    """
    if not any("?" in scope or scope.startswith(Context.PATIENT) for scope in grant.scopes):
        return reach
    in_context = (grant.patient,) if grant.patient else ()
    return reach.limited(_limits(grant.scopes, None if grant.role is Role.PATIENT else in_context))


@lru_cache(maxsize=512)
def _limits(scopes: frozenset[str], in_context: tuple[str, ...] | None) -> Mapping[tuple[str, str], Terms | None]:
    """Return the conditions of the scopes, by type and letter; None where no conditions enforce the scopes.

    `in_context` is the patient that limits `patient/` scopes; None for the token of a patient, whose reach is limited.
    """
    limits: dict[tuple[str, str], Terms | None] = {}
    for type_, letter in product(REACH, LETTERS):
        granted = list(allowing(scopes, type_, letter))
        patient = None if type_ in DIRECTORY else in_context
        try:
            conditions = _together([_limited(scope, patient) for scope in granted]) if granted else {}
        except ValueError:
            limits[type_, letter] = None
            continue
        if conditions:
            limits[type_, letter] = tuple(conditions.items())
    return limits


def _limited(scope: Scope, patient: tuple[str, ...] | None) -> Conditions:
    """Return the conditions of a scope; a `patient/` scope has one more for the patient in context, if not None."""
    conditions = _conditions(scope)
    if patient is None or scope.context is not Context.PATIENT:
        return conditions
    return {**conditions, PATIENT: patient}


def _conditions(scope: Scope) -> Conditions:
    """Return the conditions of a scope. Raises ValueError if the server cannot enforce one of them."""
    rows = {row.name: row for row in (*PARAMETERS.get(scope.type, ()), *COMMON) if row.kind in _ENFORCED}
    conditions: dict[str, tuple[str, ...]] = {}
    for name, value in scope.filters:
        row = rows.get(name)
        if row is None:
            known = ", ".join(sorted(rows)) if scope.type in PARAMETERS else "none"
            raise ValueError(f"A scope of {scope.type} supports conditions only on these parameters: {known}")
        if name in conditions:
            raise ValueError("A scope must not repeat a parameter; several values have commas between them")
        conditions[name] = _values(row, value)
    return conditions


def _values(row: SearchParameter, raw: str) -> tuple[str, ...]:
    match condition(row, raw, ""):
        case Condition(name, values):
            return tuple(sorted({comparable_value(name, value) for value in values}))
        case _:
            raise ValueError("A scope must name complete codes; it does not support a whole code system")


def _together(alternatives: Sequence[Conditions]) -> Conditions:
    """Return the conditions that a resource meets if and only if it meets one of the alternatives.

    Raises ValueError if no such conditions exist, or without an alternative.
    """
    if not alternatives:
        raise ValueError("No scope can be enforced")
    widest = [one for one in alternatives if not any(_wider(other, one) for other in alternatives)]
    first = widest[0]
    different = {name for other in widest for name in {*first, *other} if first.get(name) != other.get(name)}
    if not different:
        return first
    if len(different) > 1 or not all(different <= set(other) for other in widest):
        raise ValueError("The conditions of the scopes of one type must differ in the values of one parameter only")
    [name] = different
    return {**first, name: tuple(sorted({value for other in widest for value in other[name]}))}


def _wider(one: Conditions, other: Conditions) -> bool:
    """Return whether `one` allows more resources than `other`."""
    return one != other and all(set(one[name]) >= set(other.get(name, ())) != set() for name in one)
