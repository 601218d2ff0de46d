import pytest

from app.codes import NPI
from app.fhir.outcome import Fault, FhirError
from app.search.parameters import Search, parse_search
from app.search.parsing import MAX_COUNT, MAX_PARAMETERS

BASE = "https://payer.example.org/fhir"


def parsed(type_: str, *params: tuple[str, str], lenient: bool = False) -> Search:
    return parse_search(type_, params, base_url=BASE, lenient=lenient)


def asked(type_: str, name: str, value: str) -> tuple[str, ...]:
    [condition] = parsed(type_, (name, value)).conditions
    assert condition.name == name
    return condition.values


def refused(type_: str, *params: tuple[str, str], lenient: bool = False) -> list[str]:
    with pytest.raises(FhirError) as error:
        parsed(type_, *params, lenient=lenient)
    assert error.value.fault is Fault.PARAMETER
    return [issue.text for issue in error.value.issues]


def test_a_search_without_parameters_is_the_newest_first_page() -> None:
    assert parsed("Claim") == Search("Claim", order="created", descending=True, count=20)


@pytest.mark.parametrize(
    ("value", "terms"),
    [
        ("A1", ("A1",)),
        ("http://x|A1", ("http://x|A1",)),
        ("|A1", ("|A1",)),
        ("A1,http://x|B2", ("A1", "http://x|B2")),
        (r"a\,b", ("a,b",)),
        (r"a\|b", (r"a\|b",)),
        (r"http://x|a\\\|b", (r"http://x|a\\\|b",)),
        (r"a\\,b", (r"a\\", "b")),
        ("a\0b", ("a\0b",)),
    ],
)
def test_an_identifier_can_be_searched_by_every_form_of_a_token(value: str, terms: tuple[str, ...]) -> None:
    assert asked("Claim", "identifier", value) == terms


def test_a_system_alone_is_the_span_of_its_tokens() -> None:
    [(name, low, high, _)] = parsed("Patient", ("identifier", "http://x|")).ranges
    assert name == "identifier"
    assert low is not None
    assert high is not None
    assert low <= "http://x|zzz" < high
    assert not low <= "http://xy|a" < high


@pytest.mark.parametrize(
    ("value", "terms"),
    [
        ("active", ("active",)),
        ("active,draft", ("active", "draft")),
        ("|active", ("active",)),
        ("http://hl7.org/fhir/fm-status|active", ("active",)),
        ("http://example.org|active", ()),
    ],
)
def test_a_code_has_the_system_of_its_element(value: str, terms: tuple[str, ...]) -> None:
    assert asked("Claim", "status", value) == terms


@pytest.mark.parametrize(
    ("type_", "name", "value", "terms"),
    [
        ("Claim", "patient", "Patient/1", ("Patient/1",)),
        ("Claim", "patient", "1", ("Patient/1",)),
        ("Claim", "patient", f"{BASE}/Patient/1", ("Patient/1",)),
        ("Claim", "patient", "https://other.example.org/fhir/Patient/1", ("https://other.example.org/fhir/Patient/1",)),
        ("Claim", "provider", "1", ("Organization/1", "Practitioner/1", "PractitionerRole/1")),
        ("ClaimResponse", "request", "a,Claim/b", ("Claim/a", "Claim/b")),
    ],
)
def test_a_reference_can_be_searched_by_type_and_id_or_by_id_or_by_url(
    type_: str, name: str, value: str, terms: tuple[str, ...]
) -> None:
    assert asked(type_, name, value) == terms


@pytest.mark.parametrize("name", ["provider", "insurer"])
def test_a_logical_reference_can_be_searched_by_its_identifier(name: str) -> None:
    search = parsed("Claim", (f"{name}:identifier", f"{NPI}|1234567893"))
    assert search.conditions == ((name, (f"identifier {NPI}|1234567893",)),)


@pytest.mark.parametrize(
    ("form", "carried"), [(":identifier", True), (".identifier", False), (":Patient.identifier", False)]
)
def test_a_patient_is_found_by_an_identifier(form: str, carried: bool) -> None:
    search = parsed("Claim", (f"patient{form}", "http://x|1,2"), (f"patient{form}", "http://x|1,2"))
    assert (search.conditions, search.ranges) == ((), ())
    assert search.lookups == (("patient", ("identifier", ("http://x|1", "2")), carried),)


def test_a_search_keeps_the_spelling_of_a_number() -> None:
    assert asked("Claim", "pre-auth-ref", "sp 12/3|4") == ("sp 12/3|4",)


def test_a_match_has_one_of_the_values_with_commas_and_meets_every_parameter() -> None:
    search = parsed("Claim", ("status", "active,draft"), ("status", "active"))
    assert [values for _, values in search.conditions] == [("active", "draft"), ("active",)]


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("2026-03-01", "2026-03-01T00", "2026-03-02T00"),
        ("sa2026", "2027-01-01T00", None),
        ("eq2026-03", "2026-03-01T00", "2026-04-01T00"),
        ("ge2026", "2026-01-01T00", None),
        ("gt2026", "2027-01-01T00", None),
        ("le2026-03-01", None, "2026-03-02T00"),
        ("lt2026-03-01T10:00:00Z", None, "2026-03-01T10"),
        ("ge2026-03-01T10:00:00 02:00", "2026-03-01T08", None),
    ],
)
def test_a_date_prefix_opens_or_closes_the_span(value: str, low: str | None, high: str | None) -> None:
    [span] = parsed("Claim", ("_lastUpdated", value)).ranges
    assert (span.name, span.others) == ("_lastUpdated", ())
    assert (span.low or "").startswith(low or "")
    assert (span.high or "").startswith(high or "")
    assert (span.low is None, span.high is None) == (low is None, high is None)


def test_a_name_is_searched_by_its_beginning() -> None:
    [(name, low, high, _)] = parsed("Patient", ("family", "Ångs")).ranges
    assert (name, low) == ("family", "angs")
    assert high is not None
    assert high > "angstrom"


@pytest.mark.parametrize(
    ("type_", "name", "value", "expected"),
    [
        ("Claim", "identifier", "", "1 to 100 values"),
        ("Claim", "identifier", "a,", "1 to 100 values"),
        ("Claim", "identifier", ",".join(["a"] * 101), "1 to 100 values"),
        ("Claim", "identifier", "a|b|c", "system|code"),
        ("Claim", "identifier", "|", "system|code"),
        ("Claim", "identifier", "a,http://x|", "only value"),
        ("Claim", "status", "http://hl7.org/fhir/fm-status|", "must be a code"),
        ("Claim", "patient", "a b", "Type/id"),
        ("Claim", "patient", "Patient/1/2", "Type/id"),
        ("Claim", "created", "ap2026", "prefix must be one of"),
        ("Claim", "created", "be2026", "prefix must be one of"),
        ("Claim", "created", "yesterday", "prefixes"),
        ("Claim", "created", "2026-99", "YYYY-MM-DD"),
        ("Claim", "created", "2026,2027", "one date"),
        ("Patient", "family", "a,b", "one value"),
        ("Patient", "family", "\u0301", "one letter"),
        ("Claim", "_sort", "status", "created"),
        ("Patient", "_sort", "created", "created"),
        ("Claim", "_sort", "created,_lastUpdated", "created"),
        ("Claim", "_count", "-1", "whole number"),
        ("Claim", "_count", "٣", "whole number"),
        ("Claim", "_total", "maybe", "accurate"),
        ("Claim", "_page", "", "next link"),
    ],
)
@pytest.mark.parametrize("lenient", [True, False])
def test_a_wrong_value_is_rejected_with_the_expected_form(
    type_: str, name: str, value: str, expected: str, lenient: bool
) -> None:
    [text] = refused(type_, (name, value), lenient=lenient)
    assert text.startswith(f"{name}: ")
    assert expected in text


def test_all_unsupported_parameters_are_rejected_at_once() -> None:
    params = [
        ("color", "red"),
        ("status:not", "active"),
        ("patient.name", "x"),
        ("created", "ap2026"),
        ("status:identifier", "a"),
    ]
    texts = refused("Claim", *params)
    assert len(texts) == 5
    assert any("patient.name" in text for text in texts)
    assert not any("red" in text for text in texts)


def test_a_parameter_name_with_unsafe_characters_is_not_repeated() -> None:
    assert refused("Claim", ("<b>", "1")) == ["A search parameter is not supported here."]


def test_a_lenient_search_ignores_unsupported_parameters_and_names_each_once() -> None:
    search = parsed("Claim", ("color", "red"), ("color", "blue"), ("status", "active"), ("_include", "x"), lenient=True)
    assert search.ignored == ("color", "_include=x")
    assert search.conditions == (("status", ("active",)),)


def test_a_control_must_not_be_repeated() -> None:
    assert refused("Claim", ("_count", "5"), ("_count", "6")) == ["_count: The parameter must not be repeated."]


def test_the_number_of_parameters_is_limited() -> None:
    assert len(refused("Claim", *[("status", "active")] * (MAX_PARAMETERS + 1))) == 1


@pytest.mark.parametrize(
    ("params", "order", "descending"),
    [
        ([("_sort", "created")], "created", False),
        ([("_sort", "-created")], "created", True),
        ([("_sort", "_lastUpdated")], "_lastUpdated", False),
        ([("_sort", "-_lastUpdated")], "_lastUpdated", True),
    ],
)
def test_two_orders_are_served_each_both_ways(params: list[tuple[str, str]], order: str, descending: bool) -> None:
    search = parsed("ClaimResponse", *params)
    assert (search.order, search.descending) == (order, descending)


def test_count_total_and_page_shape_the_answer_and_format_changes_nothing() -> None:
    search = parsed(
        "Claim", ("_count", "0"), ("_total", "estimate"), ("_page", "abc"), ("_format", "json"), ("_pretty", "true")
    )
    assert search == Search("Claim", count=0, total=True, page="abc")
    assert parsed("Claim", ("_count", "5000"), ("_total", "none")) == Search("Claim", count=MAX_COUNT)


def test_ids_are_compared_exactly() -> None:
    assert asked("Organization", "_id", "a,b") == ("a", "b")
