"""Joined terms find what the terms find alone."""

from __future__ import annotations

from app.access.reach import PAYER
from app.ports import AnyOf
from app.records.joined import joined_condition, joined_terms
from app.records.kinds import terms_of
from app.records.queries import query_of
from app.search.parameters import parse_search

TASK = {"resourceType": "Task", "id": "t1", "status": "requested", "priority": "urgent"}
OPEN = AnyOf("status", ("requested", "accepted"))
OWN = AnyOf(PAYER, ("payer-a",))


def test_a_task_has_its_payer_and_its_status_as_one_term() -> None:
    assert ("joined:reach:payer+status", "payer-a\nrequested") in terms_of(TASK, ((PAYER, "payer-a"),))


def test_a_task_without_an_owner_has_no_join_with_an_owner() -> None:
    names = {name for name, _ in terms_of(TASK, ((PAYER, "payer-a"),))}
    assert "joined:reach:payer+status+owner" not in names


def test_other_types_have_no_joined_terms() -> None:
    assert list(joined_terms("ClaimResponse", [(PAYER, "payer-a"), ("status", "active")])) == []


def test_a_joined_term_never_names_a_reader() -> None:
    (name, _), *_ = joined_terms("Task", [(PAYER, "payer-a"), ("status", "requested")])
    assert not name.startswith("reach:")


def test_the_longest_join_of_the_conditions_counts() -> None:
    urgent = AnyOf("priority", ("urgent",))
    assert joined_condition("Task", [OWN, OPEN, urgent]) == AnyOf(
        "joined:reach:payer+status+priority", ("payer-a\nrequested\nurgent", "payer-a\naccepted\nurgent")
    )


def test_conditions_without_a_status_are_not_joined() -> None:
    assert joined_condition("Task", [OWN]) is None


def test_a_condition_with_many_values_is_not_joined() -> None:
    many = AnyOf(PAYER, tuple(f"payer-{number}" for number in range(11)))
    assert joined_condition("Task", [many, OPEN]) is None


def test_a_query_keeps_the_conditions_that_it_joins() -> None:
    search = parse_search("Task", [("status", "requested")], base_url="http://127.0.0.1/fhir", lenient=False)
    query = query_of(search, ((PAYER, ("payer-a",)),), 1000)
    assert query.terms == (
        AnyOf("joined:reach:payer+status", ("payer-a\nrequested",)),
        OWN,
        AnyOf("status", ("requested",)),
    )
