"""The order in which a client writes identifiers, names and codes changes nothing about the member."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.member.member_number import candidates
from app.domain.request import Member
from tests.support.answers import submitted
from tests.support.samples import concept, coverage, member_type, patient, request_bundle

Json = dict[str, Any]
SYSTEMS = ("https://a.example.org", "https://b.example.org", None)
TYPES = (member_type(), concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR"), None)


def identifier(value: str, system: str | None, kind: Json | None, use: str | None) -> Json:
    fields = {"value": value, "system": system, "type": kind, "use": use}
    return {name: field for name, field in fields.items() if field is not None}


identifiers = st.lists(
    st.builds(
        identifier,
        st.sampled_from(["N1", "N2", "N3"]),
        st.sampled_from(SYSTEMS),
        st.sampled_from(TYPES),
        st.sampled_from([None, "usual", "old"]),
    ),
    min_size=1,
    max_size=5,
)
names = st.lists(
    st.builds(
        lambda family, use: {"family": family} | ({"use": use} if use else {}),
        st.sampled_from(["Shaw", "Baxter", "Muñoz", "O'Brien", "Cole"]),
        st.sampled_from([None, "official", "usual", "old", "maiden"]),
    ),
    min_size=1,
    max_size=5,
)
relationships = st.sampled_from(["self", "child"])


def read(on_patient: list[Json], on_coverage: list[Json], named: list[Json], related: list[Json]) -> Member:
    bundle = request_bundle()
    bundle["entry"][3]["resource"] = coverage() | {
        "id": "coverage-1",
        "identifier": on_coverage,
        "subscriberId": "N1",
        "relationship": {"coding": related},
    }
    bundle["entry"][4]["resource"] = patient() | {"id": "patient-1", "identifier": on_patient, "name": named}
    return submitted(bundle).request.member


@given(identifiers, identifiers, names, relationships, st.randoms(use_true_random=False))
def test_the_order_of_identifiers_names_and_codes_changes_nothing(
    on_patient: list[Json], on_coverage: list[Json], named: list[Json], relationship: str, order: Any
) -> None:
    system = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"
    related = [{"system": system, "code": relationship}, {"system": "https://x12.example.org", "code": "G8"}]
    parts = (on_patient, on_coverage, named, related)
    shuffled = [order.sample(part, len(part)) for part in parts]
    first, second = read(*parts), read(*shuffled)
    assert sorted(first.numbers) == sorted(second.numbers)
    assert (first.member_id, first.families) == (second.member_id, second.families)
    assert first.subscriber is second.subscriber
    for systems in (frozenset[str](), frozenset({"https://a.example.org"})):
        found = [candidates(read.numbers, subscriber=read.subscriber, systems=systems) for read in (first, second)]
        assert found[0] == found[1]
