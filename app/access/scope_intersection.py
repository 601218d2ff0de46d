"""Find the scopes that two parties both allow."""

from __future__ import annotations

from collections.abc import Iterable

from app.access.scopes import Scope, parse

_ORDER = "cruds"


def common_scopes(claimed: Iterable[str], allowed: Iterable[str]) -> frozenset[str]:
    """Return the scopes that allow exactly what both sides allow; words of another grammar are left out."""
    ours = [scope for text in allowed for scope in _read(text)]
    theirs = [scope for text in claimed for scope in _read(text)]
    shared = (common_scope(narrow, wide) for narrow in theirs for wide in ours)
    return frozenset(scope for scope in shared if scope is not None)


def common_scope(scope: Scope, other: Scope) -> str | None:
    """Return the scope that allows exactly what both allow, with the conditions of both; None if that is nothing."""
    letters = "".join(letter for letter in _ORDER if letter in scope.letters & other.letters)
    type_ = other.type if scope.includes(other.type) else scope.type if other.includes(scope.type) else None
    if scope.context is not other.context or type_ is None or not letters:
        return None
    conditions = "&".join(f"{name}={value}" for name, value in dict.fromkeys((*scope.filters, *other.filters)))
    return f"{scope.context}/{type_}.{letters}" + (f"?{conditions}" if conditions else "")


def _read(text: str) -> tuple[Scope, ...]:
    try:
        return (parse(text),)
    except ValueError:
        return ()
