"""Find the scopes that two parties both allow."""

from __future__ import annotations

from collections.abc import Iterable

from app.access.scopes import Scope, parse

_ORDER = "cruds"


def common_scopes(claimed: Iterable[str], allowed: Iterable[str]) -> frozenset[str]:
    """Return the scopes that allow exactly what both sides allow; words of another grammar are left out."""
    ours = [scope for text in allowed for scope in _read(text)]
    theirs = [scope for text in claimed for scope in _read(text)]
    shared = (_common(narrow, wide) for narrow in theirs for wide in ours)
    return frozenset(_text(scope) for scope in shared if scope is not None)


def _read(text: str) -> tuple[Scope, ...]:
    try:
        return (parse(text),)
    except ValueError:
        return ()


def _common(scope: Scope, other: Scope) -> Scope | None:
    letters = scope.letters & other.letters
    type_ = other.type if scope.includes(other.type) else scope.type if other.includes(scope.type) else None
    if scope.context is not other.context or type_ is None or not letters:
        return None
    return Scope(scope.context, type_, letters, tuple(dict.fromkeys((*scope.filters, *other.filters))))


def _text(scope: Scope) -> str:
    letters = "".join(letter for letter in _ORDER if letter in scope.letters)
    conditions = "&".join(f"{name}={value}" for name, value in scope.filters)
    return f"{scope.context}/{scope.type}.{letters}" + (f"?{conditions}" if conditions else "")
