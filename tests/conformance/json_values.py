"""Any JSON there is, as the reader gives it: some of it in FHIR's names and words, which lead further in."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.codes import PAS
from tests.conformance.mutation_values import ATOMS, NAMES

WORDS = (
    *(PAS + name for name in ("profile-pas-request-bundle", "profile-pas-response-bundle", "profile-claim")),
    *("Bundle", "Claim", "Patient", "Questionnaire", "Parameters", "#a", "urn:uuid:a", "2026-11-20", "collection"),
)

_ELEMENTS = "entry resource fullUrl item meta profile coding reference url status insurance related contained valueCode"

_names = st.sampled_from((*NAMES, *_ELEMENTS.split())) | st.text(max_size=3)
_leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(WORDS)
)

values: st.SearchStrategy[Any] = st.sampled_from(ATOMS) | st.recursive(
    _leaves,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(_names, below, max_size=5),
    max_leaves=30,
)

objects: st.SearchStrategy[dict[str, Any]] = st.dictionaries(_names, values, max_size=6)
