import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.fhir.json import canonical, read, write
from app.fhir.json_faults import diagnosed
from app.fhir.outcome import FhirError

names = st.from_regex(r"_?[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20).filter(
    lambda value: abs(value.adjusted()) < 300
)
leaves = st.none() | st.booleans() | st.integers() | decimals | texts
values: st.SearchStrategy[Any] = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=20
)
resources = st.dictionaries(names, values, max_size=5)
broken = st.sampled_from(
    [
        b'"',
        b"\\u0022",
        b"\\u0000",
        b"\\ud800",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"NaN",
        b"1e999",
        b"\xff",
        b'"a":1,',
        b"\\",
    ]
)


def outcome(reader: Any, data: bytes) -> str | None:
    """What a reader makes of the bytes: its value as text, or None for a refusal."""
    try:
        return write(reader(data))
    except FhirError:
        return None


@settings(deadline=None)
@given(resources)
def test_a_written_resource_is_read_back_unchanged(resource: dict[str, Any]) -> None:
    assert read(write(resource).encode()) == resource


@settings(deadline=None)
@given(resources)
def test_decimals_keep_their_zeros(resource: dict[str, Any]) -> None:
    text = write(resource)
    assert write(read(text.encode())) == text


@settings(deadline=None)
@given(resources)
def test_the_canonical_form_does_not_depend_on_the_order_of_elements(resource: dict[str, Any]) -> None:
    assert canonical(resource) == canonical(dict(reversed(resource.items())))


@settings(deadline=None)
@given(resources, st.booleans(), st.sampled_from([None, 2]))
def test_whitespace_and_escapes_change_nothing(resource: dict[str, Any], ascii_only: bool, indent: int | None) -> None:
    plain = {name: value for name, value in resource.items() if not _has_decimal(value)}
    assert read(json.dumps(plain, ensure_ascii=ascii_only, indent=indent).encode()) == plain


@settings(deadline=None)
@given(st.binary())
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    outcome(read, data)


@settings(deadline=None)
@given(resources, st.data())
def test_both_looks_agree_on_a_damaged_body(resource: dict[str, Any], data: st.DataObject) -> None:
    body = write(resource).encode()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 6)))
        body = body[:start] + data.draw(broken | st.just(b"")) + body[end:]
    assert outcome(read, body) == outcome(diagnosed, body)


@settings(deadline=None)
@given(st.lists(st.tuples(names, st.integers()), min_size=1, max_size=6))
def test_a_repeated_name_is_always_refused(pairs: list[tuple[str, int]]) -> None:
    body = "{" + ",".join(f'"{name}" : {value}' for name, value in pairs) + "}"
    distinct = len({name for name, _ in pairs}) == len(pairs)
    assert (outcome(read, body.encode()) is not None) == distinct


def _has_decimal(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_decimal, value.values()))
    return isinstance(value, Decimal) or (isinstance(value, list) and any(map(_has_decimal, value)))
