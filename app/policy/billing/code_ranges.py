"""Codes of a policy as ranges of the domain."""

from __future__ import annotations

from app.domain.datatypes import Coding
from app.domain.parts.matching_terms import CodeRanges
from app.policy.codes.code_sets import CodeSet


def code_ranges(codes: CodeSet) -> CodeRanges:
    """Return the codes, each alone, and the ranges with their ends."""
    alone = [(Coding(codes.system, code), None) for code in sorted(codes.codes)]
    ranges = [(Coding(codes.system, each.low), Coding(codes.system, each.high)) for each in codes.ranges]
    return (*alone, *ranges)
