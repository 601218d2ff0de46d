"""The table of FHIR operations; the router, the OpenAPI document and the tests of the CapabilityStatement read it."""

from __future__ import annotations

from app.access.grant import OF_PROVIDERS, REVIEWERS, STAFF, Role
from app.audit.access import Interaction
from app.operation import (
    BACKPORT_OPERATION,
    CDEX_OPERATION,
    EVERYBODY,
    OWN_OPERATION,
    PAS_OPERATION,
    R4_OPERATION,
    Operation,
)
from app.records.kinds import SERVED
from app.workflow.bills.units_remaining import units_remaining
from app.workflow.due.change_clock import extend, set_urgency
from app.workflow.followup.attach import submit_attachment
from app.workflow.followup.evidence import all_evidence
from app.workflow.metrics.behind import metrics_requests
from app.workflow.metrics.denials import denials, denials_claims
from app.workflow.metrics.evaluate import metrics
from app.workflow.metrics.risk import denial_risk
from app.workflow.peer_to_peer.request import request_peer_to_peer
from app.workflow.peer_to_peer.talk import conclude, schedule
from app.workflow.requests.decide import decide
from app.workflow.requests.import_decision import import_decision
from app.workflow.requests.inquire import inquire
from app.workflow.requests.legal_hold import legal_hold
from app.workflow.requests.submit import submit
from app.workflow.subscriptions.query import events, status
from app.workflow.subscriptions.rights import SUBSCRIBERS
from app.workflow.tracking.auth_for_claim import auth_for_claim
from app.workflow.tracking.summary import authorization_summary
from app.workflow.validate import validate
from app.workflow.worklist.assign import assign, release, take

CHECKED = (
    *SERVED,
    "Bundle",
    "Parameters",
    *("PractitionerRole", "Location", "Encounter", "CommunicationRequest"),
    *("ServiceRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder"),
    *("DocumentReference", "QuestionnaireResponse", "Condition", "Observation", "Procedure", "DiagnosticReport"),
    *("AllergyIntolerance", "Immunization"),
)
"""The types that `$validate` checks: the served types, and the other types in messages of PAS."""

_PERIOD = (
    ("payer", "The payer, if the caller works for several."),
    ("periodStart", "The first day."),
    ("periodEnd", "The last day."),
)
_SPAN = (
    *_PERIOD,
    ("asOf", "The moment until which acts count; without it, now."),
    ("counted-by", "received or determined: the day that counts."),
    ("program", "The program of the members, such as medicare-advantage."),
)
_METRICS = (("output", "measure-report, csv, json or list-csv."),)
_OUTPUT = (("output", "measure-report, csv or json."),)
_CLAIMS = (
    ("figure", "The code of a figure, or service, provider, biller, attribute, carc or reason."),
    ("value", "The value of this fact of a line."),
    ("page", "The token of the next page, as the last answer has it."),
)
_BEHIND = (
    ("figure", "The code of a figure, or of a reason of exclusion."),
    ("part", "numerator or denominator."),
    ("page", "The token of the next page, as the last answer has it."),
)

OPERATIONS = (
    Operation(
        code="submit",
        summary="Submit a prior authorization request or a billing claim",
        group="Prior authorization",
        types=("Claim",),
        levels=("type",),
        scopes=(("Claim", "c"), ("ClaimResponse", "r")),
        roles=OF_PROVIDERS,
        definition=f"{PAS_OPERATION}Claim-submit",
        workflow=submit,
        body="Bundle",
        answer="Bundle",
        audited_as=Interaction.CREATE,
        carries_documents=True,
    ),
    Operation(
        code="inquire",
        summary="Ask for the current decision",
        group="Prior authorization",
        types=("Claim",),
        levels=("type",),
        scopes=(("Claim", "s"), ("ClaimResponse", "r")),
        roles=OF_PROVIDERS | STAFF,
        definition=f"{PAS_OPERATION}Claim-inquiry",
        workflow=inquire,
        body="Bundle",
        answer="Bundle",
        audited_as=Interaction.SEARCH,
        carries_documents=True,
    ),
    Operation(
        code="submit-attachment",
        summary="Send documents for a request",
        group="Prior authorization",
        types=(),
        levels=("system",),
        scopes=(("DocumentReference", "c"),),
        roles=frozenset({Role.PROVIDER}),
        definition=f"{CDEX_OPERATION}submit-attachment",
        workflow=submit_attachment,
        body="Parameters",
        answer="OperationOutcome",
        audited_as=Interaction.UPDATE,
        carries_documents=True,
    ),
    Operation(
        code="import",
        summary="Record a decision made outside of FHIR",
        group="Prior authorization",
        types=("ClaimResponse",),
        levels=("type",),
        scopes=(("ClaimResponse", "c"),),
        roles=frozenset({Role.ADMIN}),
        definition=f"{OWN_OPERATION}ClaimResponse-import",
        workflow=import_decision,
        body="Parameters",
        answer="ClaimResponse",
        audited_as=Interaction.CREATE,
    ),
    Operation(
        code="evidence",
        summary="Read all evidence of a request",
        group="Prior authorization",
        types=("ClaimResponse",),
        levels=("instance",),
        scopes=(("ClaimResponse", "r"), ("DocumentReference", "r")),
        roles=OF_PROVIDERS | STAFF,
        definition=f"{OWN_OPERATION}ClaimResponse-evidence",
        workflow=all_evidence,
        body="Parameters",
        answer="Bundle",
        audited_as=Interaction.READ,
        reads=True,
    ),
    Operation(
        code="units-remaining",
        summary="Read the units of an authorization",
        group="Prior authorization",
        types=("ClaimResponse",),
        levels=("instance",),
        scopes=(("ClaimResponse", "r"),),
        roles=OF_PROVIDERS | STAFF | {Role.PATIENT},
        definition=f"{OWN_OPERATION}ClaimResponse-units-remaining",
        workflow=units_remaining,
        body="Parameters",
        answer="Parameters",
        audited_as=Interaction.READ,
        reads=True,
        within_reach=True,
    ),
    Operation(
        code="authorization-summary",
        summary="Summarize the authorizations of a patient",
        group="Prior authorization",
        types=("Patient",),
        levels=("instance",),
        scopes=(("Patient", "r"), ("ClaimResponse", "s")),
        roles=OF_PROVIDERS | STAFF | {Role.PATIENT},
        definition=f"{OWN_OPERATION}Patient-authorization-summary",
        workflow=authorization_summary,
        body="Parameters",
        answer="Parameters",
        audited_as=Interaction.READ,
        reads=True,
        parameters=(("active", "true: only items that are in force today."),),
        within_reach=True,
    ),
    Operation(
        code="auth-for-claim",
        summary="Find the authorization number for a claim",
        group="Prior authorization",
        types=("Patient",),
        levels=("instance",),
        scopes=(("Patient", "r"), ("Claim", "c")),
        roles=OF_PROVIDERS,
        definition=f"{OWN_OPERATION}Patient-auth-for-claim",
        workflow=auth_for_claim,
        body="Parameters",
        answer="Parameters",
        audited_as=Interaction.READ,
    ),
    Operation(
        code="request-peer-to-peer",
        summary="Ask for a talk between clinicians",
        group="Prior authorization",
        types=("ClaimResponse",),
        levels=("instance",),
        scopes=(("ClaimResponse", "r"), ("Task", "u")),
        roles=frozenset({Role.PROVIDER}) | REVIEWERS,
        definition=f"{OWN_OPERATION}ClaimResponse-request-peer-to-peer",
        workflow=request_peer_to_peer,
        body="Parameters",
        answer="Task",
        audited_as=Interaction.UPDATE,
    ),
    *(
        Operation(
            code=code,
            summary=summary,
            group="Prior authorization",
            types=("ClaimResponse",),
            levels=("instance",),
            scopes=(("ClaimResponse", "u"),),
            roles=REVIEWERS,
            definition=f"{OWN_OPERATION}ClaimResponse-{code}",
            workflow=workflow,
            body="Parameters",
            answer="ClaimResponse",
            audited_as=Interaction.UPDATE,
        )
        for code, summary, workflow in (
            ("decide", "Decide items of a pended request", decide),
            ("extend", "Extend the time of a decision", extend),
            ("set-urgency", "Review a request as expedited or as standard", set_urgency),
        )
    ),
    Operation(
        code="legal-hold",
        summary="Set or release a legal hold",
        group="Prior authorization",
        types=("ClaimResponse",),
        levels=("instance",),
        scopes=(("ClaimResponse", "u"),),
        roles=frozenset({Role.ADMIN}),
        definition=f"{OWN_OPERATION}ClaimResponse-legal-hold",
        workflow=legal_hold,
        body="Parameters",
        answer="Parameters",
        audited_as=Interaction.UPDATE,
    ),
    *(
        Operation(
            code=code,
            summary=summary,
            group="Prior authorization",
            types=("Task",),
            levels=("instance",),
            scopes=(("Task", "u"),),
            roles=REVIEWERS,
            definition=f"{OWN_OPERATION}Task-{code}",
            workflow=workflow,
            body="Parameters",
            answer="Task",
            audited_as=Interaction.UPDATE,
        )
        for code, summary, workflow in (
            ("take", "Take the review of a request", take),
            ("release", "Give the review of a request back", release),
            ("assign", "Give the review of a request to a colleague", assign),
            ("schedule", "Set the time of a talk between clinicians", schedule),
            ("conclude", "End a talk that amends no decision", conclude),
        )
    ),
    *(
        Operation(
            code=code,
            summary=summary,
            group="Prior authorization",
            types=("ClaimResponse",),
            levels=("type",),
            scopes=(("ClaimResponse", "s"),),
            roles=STAFF,
            definition=f"{OWN_OPERATION}ClaimResponse-{code}",
            workflow=workflow,
            body="Parameters",
            answer=answer,
            audited_as=Interaction.SEARCH,
            reads=True,
            parameters=parameters,
        )
        for code, summary, workflow, answer, parameters in (
            ("denials", "Count the answers to billing claims", denials, "MeasureReport", (*_PERIOD, *_OUTPUT)),
            ("denials-claims", "List the claims behind a figure", denials_claims, "Parameters", (*_PERIOD, *_CLAIMS)),
            ("metrics", "Count the decisions of a period", metrics, "MeasureReport", (*_SPAN, *_METRICS)),
            (
                "metrics-requests",
                "List the requests behind a figure",
                metrics_requests,
                "Parameters",
                (*_SPAN, *_BEHIND),
            ),
        )
    ),
    Operation(
        code="denial-risk",
        summary="Count own recent claims that missed their authorization",
        group="Prior authorization",
        types=("ClaimResponse",),
        levels=("type",),
        scopes=(("ClaimResponse", "s"),),
        roles=OF_PROVIDERS,
        definition=f"{OWN_OPERATION}ClaimResponse-denial-risk",
        workflow=denial_risk,
        body="Parameters",
        answer="Parameters",
        audited_as=Interaction.SEARCH,
        reads=True,
        parameters=(
            ("payer", "The id of the payer's Organization."),
            ("service", "The code of the service."),
            ("provider", "The NPI of the provider who performs it."),
        ),
    ),
    Operation(
        code="status",
        summary="Ask for the status of Subscriptions",
        group="Subscription",
        types=("Subscription",),
        levels=("instance", "type"),
        scopes=(("Subscription", "r"),),
        roles=SUBSCRIBERS,
        definition=f"{BACKPORT_OPERATION}backport-subscription-status",
        workflow=status,
        body="Parameters",
        answer="Bundle",
        audited_as=None,
        reads=True,
        parameters=(("id", "Ids of Subscriptions."), ("status", "Statuses of Subscriptions.")),
    ),
    Operation(
        code="events",
        summary="Ask for earlier notifications",
        group="Subscription",
        types=("Subscription",),
        levels=("instance",),
        scopes=(("Subscription", "r"),),
        roles=SUBSCRIBERS,
        definition=f"{BACKPORT_OPERATION}backport-subscription-events",
        workflow=events,
        body="Parameters",
        answer="Bundle",
        audited_as=Interaction.READ,
        reads=True,
        parameters=(
            ("eventsSinceNumber", "The number of the first event."),
            ("eventsUntilNumber", "The number of the last event."),
            ("content", "full-resource; in PAS 2.0.1 also id-only."),
        ),
    ),
    Operation(
        code="validate",
        summary="Check a resource without storing it",
        group="Validation",
        types=CHECKED,
        levels=("type",),
        scopes=(),
        roles=EVERYBODY,
        definition=f"{R4_OPERATION}Resource-validate",
        workflow=validate,
        body="Resource",
        answer="OperationOutcome",
        audited_as=None,
        carries_documents=True,
    ),
)
