"""Read the attachments of `$submit-attachment`: documents for a request that the payer has, or will have.

http://hl7.org/fhir/us/davinci-cdex/OperationDefinition/submit-attachment
"""

from __future__ import annotations

from msgspec import Struct

from app.codes import LOINC, NPI, canonical, valid_loinc, valid_npi
from app.domain.datatypes import Coding, Identifier
from app.domain.request import Party
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.issues import Issues
from app.fhir.json import write
from app.pas.asking.read_content import read_content
from app.pas.parts.read_parties import party_of
from app.pas.parts.read_types import codings, distinct, read_identifier

_ONCE = ("TrackingId", "AdminRefNumber", "AttachTo", "PayerId", "OrganizationId", "ProviderId", "MemberId")
_NAMES = frozenset({*_ONCE, "ServiceDate", "Attachment", "Final"})
_PARTS = frozenset({"LineItem", "Code", "Content"})
_SERVED = "preauthorization"
MOST_ATTACHMENTS = 20
MOST_LINES = 100
MOST_CODES = 20
_LONGEST_NUMBER = 100
_LONGEST_LINE = 40
_LONGEST_CODE = 500
"""Characters of a code with its system and its display. The record of the request keeps numbers, lines and codes."""


class AttachedDocument(Struct, frozen=True):
    """A document: its resource, as JSON and by type, its codes, its lines, and the place of the attachment."""

    text: str
    type: str
    codes: tuple[Coding, ...]
    lines: tuple[str, ...]
    place: str


class SubmittedAttachments(Struct, frozen=True):
    """The attachments of one call.

    `tracking`: the control number of the request for a document, or of the sender. `case`: the case reference.
    `payer`: an identifier of the payer; None if the sender names none. `final` is False if more will come.
    """

    tracking: str
    case: str | None
    payer: Identifier | None
    provider: Party
    member: str
    documents: tuple[AttachedDocument, ...]
    final: bool


def read_attachments(checked: Checked) -> SubmittedAttachments:
    """Read the Parameters. Raises FhirError UNPROCESSABLE with all issues, including those of the engine."""
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    named = _named(body)
    tracking = _number(body, named, "TrackingId", required=True)
    _check_attach_to(body, named)
    payer = _identifier(named, "PayerId")
    provider = _provider(body, named)
    member = _number(body, named, "MemberId", required=True)
    documents = _documents(body)
    final = named["Final"].flag("valueBoolean") if "Final" in named else None
    if "Final" in named and final is None:
        named["Final"].missing("valueBoolean", "`Final` must have a valueBoolean.")
    case = _number(body, named, "AdminRefNumber")
    issues.warnings()
    return SubmittedAttachments(
        tracking or "", case, payer, provider, member or "", documents, final=final is not False
    )


def _named(body: Element) -> dict[str, Element]:
    """Return the parameters that occur once, by name. Attachments repeat."""
    named: dict[str, Element] = {}
    for parameter in body.many("parameter"):
        name = parameter.text("name") or ""
        if name not in _NAMES:
            parameter.note(f"The parameter must be one of {', '.join(sorted(_NAMES))}.", "name")
        elif name in named and name != "Attachment":
            parameter.note(f"`{name}` must be given once.", "name", code="duplicate")
        named.setdefault(name, parameter)
    return named


def _number(body: Element, named: dict[str, Element], name: str, *, required: bool = False) -> str | None:
    """Read the value of an Identifier."""
    number = _identifier(named, name)
    if number is None and required and name not in named:
        body.missing("parameter", f"The parameter `{name}` is required: a valueIdentifier with a value.")
    return None if number is None else number.value


def _identifier(named: dict[str, Element], name: str) -> Identifier | None:
    parameter = named.get(name)
    if parameter is None:
        return None
    element = parameter.one("valueIdentifier")
    identifier = None if element is None else read_identifier(element)
    if identifier is None or not identifier.value.strip():
        parameter.missing("valueIdentifier", f"`{name}` must have a valueIdentifier with a value.")
        return None
    if len(identifier.value) > _LONGEST_NUMBER:
        text = f"`{name}` must not have more than {_LONGEST_NUMBER} characters."
        parameter.note(text, "valueIdentifier", code="too-long")
        return None
    return identifier


def _check_attach_to(body: Element, named: dict[str, Element]) -> None:
    parameter = named.get("AttachTo")
    if parameter is None:
        body.missing("parameter", f"The parameter `AttachTo` is required: a valueCode `{_SERVED}`.")
    elif parameter.text("valueCode") != _SERVED:
        text = f"`AttachTo` must be the valueCode `{_SERVED}`. This server asks for no documents of billing claims."
        parameter.note(text, "valueCode")


def _provider(body: Element, named: dict[str, Element]) -> Party:
    """Read the organization or the provider that sends. An identifier without a system is an NPI if it can be one."""
    given = [number for name in ("OrganizationId", "ProviderId") if (number := _identifier(named, name)) is not None]
    if not {"OrganizationId", "ProviderId"} & named.keys():
        text = "One of the parameters `OrganizationId` and `ProviderId` is required: a valueIdentifier with an NPI."
        body.missing("parameter", text)
    return party_of(tuple(map(_with_system, given)), None)


def _with_system(number: Identifier) -> Identifier:
    if number.system:
        return Identifier(canonical(number.system), number.value)
    return Identifier(NPI, number.value) if valid_npi(number.value) else number


def _documents(body: Element) -> tuple[AttachedDocument, ...]:
    parameters = [parameter for parameter in body.many("parameter") if parameter.text("name") == "Attachment"]
    if not parameters:
        body.missing("parameter", "At least one parameter `Attachment` is required.")
    if len(parameters) > MOST_ATTACHMENTS:
        text = f"A call must not have more than {MOST_ATTACHMENTS} attachments. Send the others in another call."
        parameters[MOST_ATTACHMENTS].note(text, code="too-long")
        return ()
    read = map(_document, parameters)
    return tuple(document for document in read if document is not None)


def _document(parameter: Element) -> AttachedDocument | None:
    content, lines = None, []
    codes: tuple[Coding, ...] = ()
    for part in parameter.many("part"):
        match part.text("name"):
            case "LineItem":
                lines.append(_line(part))
            case "Code":
                codes += _codes(part)
            case "Content" if content is None:
                content = part.one("resource")
                if content is None:
                    part.missing("resource", "`Content` must have a resource, such as a DocumentReference.")
            case _:
                part.note(f"The part must be one of {', '.join(sorted(_PARTS))}, and Content once.", "name")
    if len(lines) > MOST_LINES:
        parameter.note(f"An attachment must not have more than {MOST_LINES} parts `LineItem`.", "part", code="too-long")
    if content is None:
        parameter.missing("part", "An attachment must have one part `Content` with a resource.")
        return None
    types = distinct([*codes, *read_content(content)])
    _check_codes(parameter, types)
    return AttachedDocument(
        write(content.fields),
        content.text("resourceType") or "",
        types,
        tuple(dict.fromkeys(lines[:MOST_LINES])),
        parameter.path,
    )


def _check_codes(parameter: Element, codes: tuple[Coding, ...]) -> None:
    if len(codes) > MOST_CODES:
        parameter.note(f"A document must not have more than {MOST_CODES} codes.", code="too-long")
    if any(len(code.system) + len(code.code) + len(code.display or "") > _LONGEST_CODE for code in codes):
        text = f"A code with its system and its display must not have more than {_LONGEST_CODE} characters."
        parameter.note(text, code="too-long")


def _line(part: Element) -> str:
    line = part.text("valueString") or ""
    if not line:
        part.missing("valueString", "`LineItem` must have a valueString with the sequence of an item.")
    if len(line) > _LONGEST_LINE:
        text = f"`LineItem` must not have more than {_LONGEST_LINE} characters."
        part.note(text, "valueString", code="too-long")
    return line


def _codes(part: Element) -> tuple[Coding, ...]:
    codes = codings(part, "valueCodeableConcept")
    if not codes:
        text = "`Code` must have a valueCodeableConcept with a coding."
        part.missing("valueCodeableConcept", text)
    for code in codes:
        if code.system == LOINC and not valid_loinc(code.code):
            text = "`Code` must be a LOINC code with its check digit, such as 11506-3."
            part.note(text, "valueCodeableConcept", code="code-invalid")
    return codes
