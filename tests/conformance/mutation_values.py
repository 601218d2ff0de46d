"""What mutations write into a body: names, texts and values that do not belong where they come to stand, or barely."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.codes import PAS

EMPTY: tuple[Any, ...] = ("", " ", [], {}, [""], [{}], [[]], {"extension": []}, {"id": "a"})

ATOMS: tuple[Any, ...] = (
    *EMPTY,
    None,
    True,
    False,
    0,
    1,
    -1,
    2**31,
    10**30,
    Decimal("1.5"),
    Decimal("1E-30"),
    "x",
    "http://x y",
    "#a",
    "urn:uuid:1",
    "Patient/1",
    "a" * 70,
    "<div>x</div>",
    [None],
    ["x"],
    {"a": 1},
    {"reference": "Patient/zzz"},
    {"value": 1},
    {"resourceType": "Patient"},
    {"resourceType": "SubscriptionStatus", "status": "active", "type": "handshake"},
)

NAMES = (
    "foo",
    "id",
    "_id",
    "_status",
    "value",
    "valueString",
    "valueRatioRange",
    "resourceType",
    "extension",
    "modifierExtension",
    "contained",
    "text",
    "meta",
    "implicitRules",
    "language",
    "comment",
    "fhir_comments",
    "",
)

URIS = ("", "x", "http://example.org/x", "http://x y", "urn:oid:1", "urn:oid:2.16.840.1", "urn:uuid:1", "/x", "é")

DATES: tuple[Any, ...] = (
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2026-1-1",
    "20261101",
    "26-11-01",
    "0000-01-01",
    "2026",
    "2026-11",
    "2026-11-01",
    "2026-11-01 ",
    "2026-11-01T10:00:00",
    "2026-11-01T10:00Z",
    "2026-11-01T10:00:00Z",
    "2026-11-01T24:00:00Z",
    "2026-11-01T25:00:00Z",
    "2026-11-01T23:59:60Z",
    "2026-11-01T10:00:00+14:30",
    "2026-11-01T10:00:00.123456789Z",
    "2026-11-01t10:00:00z",
    "1.11.2026",
    "today",
    20261101,
)

STRAY = (" ", "  ", "\t", "\n", "\x00", "\x01", "\x7f", "x", "é", "\u00a0", "\u200b", "😀", "&", "<", "'", '"', "|")

WRAPPINGS: tuple[Callable[[Any], Any], ...] = (
    lambda value: [value],
    lambda value: {"extension": [{"url": "http://example.org/x", "extension": value}]},
    lambda value: {"url": "http://example.org/x", "extension": [value]},
    lambda value: {"resourceType": "Patient", "contained": [value]},
    lambda value: {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": value}]},
    lambda value: {"item": [value]},
)

VALUES = ("valueString", "valueCode", "valueBoolean", "valueReference", "valueCodeableReference", "valueMeta", "value")

WHOLE_EXTENSIONS: tuple[dict[str, Any], ...] = (
    {"url": "http://example.org/x"},
    {"valueString": "x"},
    {"url": "x", "valueString": "x"},
    {"url": "http://example.org/x", "valueString": "x"},
    {"url": "http://example.org/x", "valueString": ""},
    {"url": "http://example.org/x", "valueString": "x", "valueInteger": 1},
    {"url": "http://example.org/x", "valueString": "x", "extension": [{"url": "y", "valueString": "x"}]},
    {"url": "http://example.org/x", "valueMeta": {"versionId": "1"}},
    {"url": "http://example.org/x", "valueRatioRange": {"lowNumerator": {"value": 1}}},
    {"url": "http://example.org/x", "valueCodeableReference": {"concept": {"text": "x"}}},
    {"url": "http://example.org/x", "valueAddress": {"line": ["x"], "city": 1}},
    {"url": PAS + "extension-unheard-of", "valueString": "x"},
    {"url": PAS + "extension-infoChanged", "valueCode": "added"},
    {"url": PAS + "modifierextension-infoCancelled", "valueBoolean": True},
    {"url": PAS + "extension-serviceItemRequestType", "valueString": "x"},
    {"url": ["http://example.org/x"], "valueString": "x"},
    {"url": PAS + "extension-certificationType", "valueCodeableConcept": "x"},
    {"url": PAS + "extension-certificationType", "valueCodeableConcept": {"coding": [{"code": ["3"]}]}},
)

EXTENSIONS: tuple[Any, ...] = (*WHOLE_EXTENSIONS, {}, [], None)

REFERENCES = (
    "#",
    "#nobody",
    "Patient/zzz",
    "Patient",
    "patient/1",
    "Patient/1/2",
    "Zzz/1",
    "http://example.org/fhir/Patient/zzz",
    "urn:uuid:1",
    "urn:uuid:00000000-0000-4000-8000-000000000000",
    "urn:oid:1.2.3",
    "Organization/1?x=y",
    "Patient?identifier=x",
    " ",
    "",
)

FULL_URLS = (
    "",
    "Patient/1",
    "http://example.org/fhir/Patient/zzz",
    "http://example.org/fhir/Patient/zzz/_history/1",
    "http://example.org/fhir/Patient/zzz#a",
    "ftp://example.org/Patient/1",
    "urn:uuid:1",
    "urn:uuid:00000000-0000-4000-8000-000000000000",
    "urn:uuid:00000000-0000-4000-8000-00000000000A",
    "urn:oid:1.2.3",
    "#a",
    "a.b",
    "a_b",
)
