import json
import sys
from decimal import Decimal

import pytest

from app.fhir.json import canonical, parsed, read, write
from app.fhir.json_faults import diagnosed, repeated_names
from app.fhir.outcome import Fault, FhirError
from tests.support.official import needs_packages
from tests.support.packages import package_members


def refusals(data: bytes) -> list[tuple[str | None, str]]:
    with pytest.raises(FhirError) as refused:
        read(data)
    assert refused.value.fault is Fault.UNREADABLE
    return [(issue.expression, issue.text) for issue in refused.value.issues]


def places(data: bytes) -> list[str | None]:
    return [place for place, _ in refusals(data)]


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize(
    "number", ["1.50", "-0.0", "1E+5", "0.10", "12345678901234567890123", "18446744073709551616", "-5", "1E-7"]
)
def test_a_number_keeps_its_text(number: str) -> None:
    body = f'{{"value":{number}}}'
    assert write(read(body.encode())) == body


def test_a_number_with_a_point_is_a_decimal_and_one_without_an_int() -> None:
    found = read(b'{"value": 1.50, "count": 3}')
    assert str(found["value"]) == "1.50"
    assert isinstance(found["value"], Decimal)
    assert found["count"] == 3
    assert isinstance(found["count"], int)


def test_an_element_given_twice_is_refused_with_its_place() -> None:
    body = (
        b'{"resourceType": "Bundle", "entry": [{}, {"resource": {"status": "active", "id": "a", "status": "draft"}}]}'
    )
    assert places(body) == ["Bundle.entry[1].resource.status"]


class Counted(str):
    """A name that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_the_search_for_repeated_names_takes_linear_time() -> None:
    names = [Counted(f"name{number}") for number in range(1000)]
    assert repeated_names([*names, Counted("name7")]) == ["name7"]
    assert Counted.compared < 10 * len(names)


def test_an_element_given_twice_is_noticed_beside_escaped_quotation_marks() -> None:
    assert places(rb'{"a": "\u0022\u0022", "b": 1, "b": 1}') == ["%resource.b"]
    assert places(rb'{"a": "\"", "b": 1, "b": 1}') == ["%resource.b"]


def test_an_element_given_twice_is_noticed_beside_numbers_that_are_written_longer_than_they_came() -> None:
    assert places(b'{"a":[1e-6,1e-6,1e-6],"b":1,"b":1,"b":1}') == ["%resource.b"]
    assert places(b'{"a":[1e5,1e5,1e5,1e5,1e5,1e5],"b":1,"b":1}') == ["%resource.b"]


def test_no_text_is_written_longer_than_it_may_come() -> None:
    characters = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x110000))]
    plain = "".join(one for one in characters if one >= " " and one not in '"\\')
    assert write(plain) == f'"{plain}"'
    assert [len(write(one)) for one in '"\\\b\f\n\r\t'] == [len(r'"\n"')] * 7
    assert all(len(write(one)) <= len(r'"\u0000"') for one in characters if one < " ")


@pytest.mark.parametrize("number", ["-0", "-0.0", "0.0000000", "0.0000001", "-0.00000010", "1.0", f"0.{'0' * 300}1"])
def test_no_number_without_an_exponent_is_written_longer_than_it_came(number: str) -> None:
    assert len(write(read(f'{{"a":{number}}}'.encode())["a"])) <= len(number)


@pytest.mark.parametrize(
    "text", [rb"\u0022quoted\u0022", rb"caf\u00e9", rb"\ud83d\ude00", rb"a\/b", "café 😀".encode()]
)
def test_any_unicode_text_is_read_however_it_is_escaped(text: bytes) -> None:
    body = b'{"resourceType": "Patient", "id": "' + text + b'"}'
    assert read(body) == json.loads(body)


@pytest.mark.parametrize("text", [rb"\u0000", rb"\ud800", rb"a\udc00b", rb"\ud800\ud800"])
def test_nul_and_half_a_surrogate_pair_are_refused_with_their_place(text: bytes) -> None:
    assert places(b'{"resourceType": "Patient", "name": [{"family": "' + text + b'"}]}') == ["Patient.name[0].family"]


@pytest.mark.parametrize(
    "number",
    [
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"1e400",
        b"1e-400",
        b"1e999999999999999999",
        b"1e1000000000000000000",
        b"-1.5E-9999999999999999999",
        b"0e99999999999999999999",
        b"9" * 5000,
        b"0." + b"1" * 5000,
    ],
)
def test_a_number_out_of_range_is_refused_with_its_place(number: bytes) -> None:
    assert places(b'{"resourceType": "Claim", "total": {"value": ' + number + b"}}") == ["Claim.total.value"]


@pytest.mark.parametrize("name", ["$ne", "a.b", "__proto__", "", "a b", "1a", "a" * 66, "é", "a-b"])
def test_a_malformed_element_name_is_reported_at_its_parent(name: str) -> None:
    body = json.dumps({"resourceType": "Claim", "item": [{name: 1}]}).encode()
    assert places(body) == ["Claim.item[0]"]


def test_an_underscore_before_a_name_is_an_extension_of_the_element() -> None:
    assert read(b'{"_birthDate": {"id": "a"}}') == {"_birthDate": {"id": "a"}}


def test_a_body_50_deep_is_read_and_one_deeper_is_refused() -> None:
    assert read(nested(50))
    [(place, text)] = refusals(nested(51))
    assert place == "%resource.a" + "[0]" * 49
    assert "50" in text


@pytest.mark.parametrize("depth", [900, 5_000, 200_000])
def test_a_very_deep_body_is_refused_not_followed(depth: int) -> None:
    assert "50" in refusals(nested(depth))[0][1]


def test_a_body_that_can_just_be_read_and_not_be_written_again_is_refused() -> None:
    for depth in range(sys.getrecursionlimit() - 200, sys.getrecursionlimit() + 10):
        assert "50" in refusals(b'{"a":' * depth + b"1" + b"}" * depth)[0][1]


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"3", b"null", b"true"])
def test_a_body_other_than_an_object_is_rejected(body: bytes) -> None:
    assert "not a JSON object" in refusals(body)[0][1]


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"{", b'{"a": 1,}', b"{'a': 1}", b'{"a": 01}', b'{"a": "\n"}', b'{"a": 1} x', b'\xef\xbb\xbf{"a": 1}'],
)
def test_a_body_that_is_not_json_is_refused_with_line_and_column(body: bytes) -> None:
    [(place, text)] = refusals(body)
    assert place is None
    assert "line" in text


@pytest.mark.parametrize(
    "body", [b'{"a": "\xff"}', '{"a": "b"}'.encode("utf-16"), b'{"a": "\xed\xa0\x80"}', b'{"a": "\xc0\xaf"}']
)
def test_a_body_that_is_not_utf_8_is_refused(body: bytes) -> None:
    assert "UTF-8" in refusals(body)[0][1]


def test_all_faults_are_reported_at_once_in_document_order() -> None:
    body = rb'{"resourceType": "Claim", "id": "\u0000", "a": {"b": NaN, "b": 2}, "c": [{"$": 1}], "d": 1e999}'
    assert places(body) == ["Claim.id", "Claim.a.b", "Claim.c[0]", "Claim.d"]


def test_the_number_of_reported_faults_is_limited() -> None:
    body = json.dumps({"item": [{"$": 1}] * 500}).encode()
    assert len(places(body)) == 20


def test_the_number_of_reported_repeated_names_is_limited() -> None:
    twice = ",".join(f'"a{number}": 1' for number in range(100))
    assert len(refusals(f"{{{twice},{twice}}}".encode())) == 20


@pytest.mark.acceptance("D54")
def test_no_issue_repeats_a_value_of_the_body() -> None:
    body = (
        rb'{"resourceType": "Sm1th", "name": "Smith\u0000", "Smith Jones": "Smith", "a": 5e5555, "b": 1, "b": "Smith"}'
    )
    assert not any("Sm" in f"{place}{text}" or "5555" in text for place, text in refusals(body))


def test_both_passes_read_equal_values() -> None:
    body = b'{"resourceType": "Claim", "item": [{"net": {"value": 10.00}}, {"sequence": 2}], "created": null}'
    assert write(diagnosed(body)) == write(read(body))


def test_the_canonical_form_orders_elements_at_every_level_and_keeps_decimals() -> None:
    one = read(b'{"b": {"d": 1.50, "c": [{"y": 1, "x": 2}]}, "a": "text"}')
    other = read(b'{ "a":"text","b":{"c":[{"x":2,"y":1}],"d":1.50 } }')
    assert canonical(one) == canonical(other) == b'{"a":"text","b":{"c":[{"x":2,"y":1}],"d":1.50}}'


@pytest.mark.parametrize("body", [b'{"b":{"d":1.50,"c":2},"a":"text"}', b'{ "b":{"d":1.50,"c":2e1},"a":"\\u00e9"}'])
def test_a_resource_is_read_with_the_canonical_json_of_its_elements(body: bytes) -> None:
    content = parsed(body)
    assert content.resource == read(body)
    assert {name: bytes(raw) for name, raw in content.elements.items()} == {
        name: canonical(value) for name, value in read(body).items()
    }


@needs_packages
@pytest.mark.parametrize("edition", ["2.2.1", "2.0.1"])
def test_every_official_example_is_read_and_written_back_unchanged(edition: str) -> None:
    files = [(name, data) for name, data in package_members(edition, "example/") if not name.endswith("/.index.json")]
    assert files
    for name, data in files:
        assert json.loads(write(read(data)), parse_float=str) == json.loads(data, parse_float=str), name
