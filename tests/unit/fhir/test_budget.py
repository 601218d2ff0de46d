"""The limits on values, entries and resources of a body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fhir import budget
from app.fhir.body import Unchecked
from app.fhir.budget import MOST_ENTRIES, MOST_RESOURCES, MOST_VALUES, check_entries, check_values
from app.fhir.json import parsed, read
from app.fhir.outcome import Fault, FhirError
from tests.properties.test_json_properties import values

MARKS = ',[]{}:"\\ \n'


def refused(data: bytes) -> str:
    with pytest.raises(FhirError) as error:
        check_values(data)
    assert error.value.fault is Fault.UNREADABLE
    return error.value.issues[0].text


def count(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(count, value.values()))
    return 1 + sum(map(count, value)) if isinstance(value, list) else 1


@pytest.mark.parametrize("one", [b"1", b"{}", b"[]", b'"a"', b'{"a":1}', b'[[1],"a,b"]', b'"\\""', b'"\\\\"'])
@pytest.mark.parametrize("gap", [b"", b" " * 10])
def test_the_budget_limits_the_number_of_values(one: bytes, gap: bytes) -> None:
    each = count(json.loads(one))
    times, rest = divmod(MOST_VALUES - 1, each)
    listed = [one] * times + [b"1"] * rest
    check_values(b"[" + (b"," + gap).join(listed) + gap + b"]")
    assert f"{MOST_VALUES:,}" in refused(b"[" + (b"," + gap).join([*listed, b"1"]) + gap * 10 + b"]")


@pytest.mark.parametrize("text", [MARKS.replace('"', "").replace("\\", ""), '\\"', "\\\\", '\\\\\\",['])
def test_characters_inside_a_text_do_not_count_as_values(text: str) -> None:
    check_values(b'{"div":"' + text.encode() * MOST_VALUES * 2 + b'"}')


@pytest.mark.parametrize("one", [b"[", b"{", b",", b'"', b'{"a":', b'[","'])
def test_unterminated_json_is_rejected_too(one: bytes) -> None:
    assert refused(b"[" + b"[" * MOST_VALUES + one * 5 * MOST_VALUES)


@pytest.mark.parametrize("mark", ["<", "&", r"\u003c", r"\u0026", r"\u003C"])
def test_a_narrative_of_too_many_tags_or_entities_is_refused(mark: str) -> None:
    most = 2 * MOST_VALUES
    check_values(b'{"div":"' + mark.encode() * most + b'"}')
    assert f"{most:,}" in refused(b'{"div":"' + mark.encode() * (most + 1) + b'"}')


@pytest.mark.parametrize("mark", ["=", r"\u003d", r"\u003D"])
def test_an_attribute_counts_as_two_or_more_as_it_costs_the_parser_more(mark: str) -> None:
    assert "attribute" in refused(b'{"div":"' + (mark.encode() + b"a") * (MOST_VALUES + 1) + b'"}')


@given(values, st.integers(0, 3))
def test_values_are_counted_as_a_reader_counts_them(value: Any, indent: int) -> None:
    written = json.dumps(value, default=str, indent=indent or None).encode()
    bare = written.replace(b"\\\\", b"").replace(b'\\"', b"")
    assert budget._values(bare) == count(value)
    assert budget._structure(written) + 1 >= count(value)
    assert bare.count(b'"') <= 4 * count(value)


@pytest.mark.parametrize("entries", [None, {}, "x", [], [{}] * MOST_ENTRIES])
def test_the_budget_allows_the_maximum_number_of_entries(entries: Any) -> None:
    body = Unchecked({"resourceType": "Bundle", "entry": entries}, {}, "")
    check_entries(body.size("entry"))


def test_one_entry_more_is_refused_and_the_limit_is_named() -> None:
    with pytest.raises(FhirError) as error:
        check_entries(MOST_ENTRIES + 1)
    assert str(MOST_ENTRIES) in error.value.issues[0].text


@pytest.mark.parametrize("escape", [b"", rb"\u0022"])
def test_a_body_of_too_many_resources_is_refused_however_it_is_written(escape: bytes) -> None:
    def holding(count: int) -> bytes:
        listed = b",".join([rb'{"resource\u0054ype":"Basic"}'] * count)
        return b'{"id":"' + escape + b'","contained":[' + listed + b"]}"

    for reader in (read, parsed):
        assert reader(holding(MOST_RESOURCES))
        with pytest.raises(FhirError) as error:
            reader(holding(MOST_RESOURCES + 1))
        assert error.value.fault is Fault.UNREADABLE
        assert f"{MOST_RESOURCES:,}" in error.value.issues[0].text


def test_a_text_about_resources_does_not_count_as_a_resource() -> None:
    text = '\\"resourceType\\":' * 2 * MOST_RESOURCES
    assert read(f'{{"id":"{text}"}}'.encode())
