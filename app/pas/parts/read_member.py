"""Read the patient of a claim as a member of the payer, from its Patient and its Coverage."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from app.codes import MEMBER_NUMBER
from app.domain.covered import CoverageTerms
from app.domain.datatypes import MemberNumber, Period, Source
from app.domain.member.member_number import candidates
from app.domain.request import Member
from app.fhir.element import Element
from app.fhir.entries import ResourceElement
from app.fhir.instants import day
from app.pas.parts.current import current
from app.pas.parts.read_types import codings, distinct, period

_SELF = frozenset({"self", "18"})
"""The codes of `Coverage.relationship` for the subscriber: those of HL7 and of X12 1069."""

_USES = ("official", "usual", None, "nickname", "temp", "anonymous")
_MOST_NAMES = 3
"""The most current names of a patient that are compared, so that no request can try many."""


def member(
    patient: ResourceElement | None,
    coverage: ResourceElement | None,
    created: date,
    on_patient: Element | None = None,
    on_coverage: Element | None = None,
) -> Member:
    """Read the patient as a member of the plan of the Coverage. Absent data stays empty.

    Names and identifiers that are not current on the day `created` do not count. `on_patient` and `on_coverage` are the
    identifiers on the References to them.
    """
    person = None if patient is None else patient.resource
    names = [] if person is None else current_names(person, created)
    given = names[0].texts("given") if names else []
    numbers = (*_of_patient(person, on_patient, created), *_of_coverage(coverage, on_coverage, created))
    subscriber = coverage is not None and any(code.code in _SELF for code in codings(coverage.resource, "relationship"))
    terms = None if coverage is None else coverage_terms(coverage.resource)
    return Member(
        member_id=next(iter(candidates(numbers, subscriber=subscriber)), ""),
        families=families(names)[:_MOST_NAMES],
        given=given[0] if given else None,
        birth_date=None if person is None else day(person.text("birthDate") or ""),
        gender=None if person is None else person.text("gender"),
        numbers=numbers,
        subscriber=subscriber,
        active=person is None or person.flag("active") is not False,
        deceased=None if person is None else deceased(person),
        coverage=terms,
    )


def deceased(patient: Element) -> date | None:
    """Return the last day on which the patient may have lived: the earliest day if only the fact is known."""
    known = patient.days("deceasedDateTime")
    if known is not None:
        return known[1]
    return date.min if patient.flag("deceasedBoolean") else None


def coverage_terms(coverage: Element) -> CoverageTerms:
    """Read the terms of a Coverage."""
    return CoverageTerms(
        status=coverage.text("status") or "",
        period=period(coverage.one("period")) or Period(),
        plans=_plans(coverage),
        order=coverage.integer("order"),
    )


def current_names(patient: Element, on: date) -> list[Element]:
    """Return the names that are current on a day, the official one first. The order in the Patient does not matter."""
    return sorted(current(patient.many("name"), on), key=_by_use)


def families(names: list[Element]) -> tuple[str, ...]:
    """Return the different family names."""
    return distinct([family for name in names if (family := name.text("family"))])


def patient_number(patient: Element, on: date, systems: Collection[str] = ()) -> str | None:
    """Return the value of the first identifier of type MB that is current on a day, best one of `systems`."""
    numbers = [number for number in _of_patient(patient, None, on) if number.source is Source.PATIENT]
    own = [number for number in numbers if number.system in systems]
    return next((number.value for number in own or numbers), None)


def _of_patient(patient: Element | None, on_reference: Element | None, created: date) -> Iterator[MemberNumber]:
    listed = [] if patient is None else patient.many("identifier")
    for identifier in current(listed if on_reference is None else [*listed, on_reference], created):
        source = _source(identifier)
        if source is not None:
            yield from _number(identifier, source)


def _of_coverage(
    coverage: ResourceElement | None, on_reference: Element | None, created: date
) -> Iterator[MemberNumber]:
    """Read the identifiers of type MB, the subscriberId, and the identifier on the Reference to the Coverage."""
    if coverage is not None:
        for identifier in current(coverage.resource.many("identifier"), created):
            if _source(identifier) is Source.PATIENT:
                yield from _number(identifier, Source.COVERAGE)
        subscriber = coverage.resource.text("subscriberId")
        if subscriber is not None:
            yield from _member_number(Source.COVERAGE, subscriber)
    if on_reference is not None:
        for identifier in current([on_reference], created):
            yield from _number(identifier, Source.COVERAGE)


def _source(identifier: Element) -> Source | None:
    """Return the source of a Patient's identifier; None if its type is that of another number."""
    types = {coding.code for coding in codings(identifier, "type")}
    if not types:
        return Source.UNTYPED
    return Source.PATIENT if MEMBER_NUMBER in types else None


def _number(identifier: Element, source: Source) -> Iterator[MemberNumber]:
    value = identifier.text("value")
    if value is not None:
        yield from _member_number(source, value, identifier.text("system") or "")


def _member_number(source: Source, value: str, system: str = "") -> Iterator[MemberNumber]:
    """Leave out the blanks around a number: files with columns of a fixed width have them."""
    stripped = value.strip()
    if stripped:
        yield MemberNumber(source, stripped, system)


def _by_use(name: Element) -> tuple[int, str, list[str]]:
    use = name.text("use")
    return _USES.index(use) if use in _USES else len(_USES), name.text("family") or "", name.texts("given")


def _plans(coverage: Element) -> tuple[str, ...]:
    classes = [coverage_class.text("value") for coverage_class in coverage.many("class")]
    types = [coding.code for coding in codings(coverage, "type")]
    return distinct([plan for plan in (*classes, *types) if plan])
