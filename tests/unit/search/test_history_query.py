import pytest

from app.fhir.outcome import Fault, FhirError
from app.search.history import HistoryQuery, parse_history


def test_a_history_without_parameters_is_the_first_page_of_all() -> None:
    assert parse_history([]) == HistoryQuery(20, "", None)


def test_the_parameters_are_read_and_the_count_is_bounded() -> None:
    asked = [("_count", "100000"), ("_since", "2026-03-01T10:00:00 01:00"), ("_page", "abc"), ("_format", "json")]
    assert parse_history(asked) == HistoryQuery(200, "2026-03-01T09:00:00.000000Z", "abc")


def test_all_issues_are_reported_once_and_repeat_no_value() -> None:
    asked = [("_count", "0"), ("_since", "secret"), ("_page", "x" * 513), ("a", "1"), ("b", "2"), ("_count", "zero")]
    with pytest.raises(FhirError) as refused:
        parse_history(asked)
    assert refused.value.fault is Fault.PARAMETER
    texts = [issue.text for issue in refused.value.issues]
    assert [text.partition(":")[0] for text in texts] == [
        "_count",
        "_since",
        "_page",
        "A history supports only the parameters _count, _since and _page.",
    ]
    assert "secret" not in " ".join(texts)


def test_a_parameter_must_not_be_repeated() -> None:
    with pytest.raises(FhirError) as refused:
        parse_history([("_count", "1"), ("_count", "2")])
    assert [issue.text for issue in refused.value.issues] == ["_count: The parameter must not be repeated."]
