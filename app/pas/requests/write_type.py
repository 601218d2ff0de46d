"""Write the types of the review of a request.

The extension is ours, so it is in the stored answer and in the Task only. The answer to the submitter has the words.
"""

from __future__ import annotations

from app.codes import AUTHORIZATION_TYPE
from app.domain.authorization import Authorization
from app.domain.decision import ReviewAction
from app.domain.parts.authorization_type import AuthorizationType
from app.pas.parts.write_types import Json, extension


def type_extensions(authorization: Authorization) -> list[Json]:
    """Write the types as extensions, for a search by them."""
    return [extension(AUTHORIZATION_TYPE, valueCode=type_.value) for type_ in authorization.types]


def disposition(authorization: Authorization) -> Json:
    """Write the types in words, and the vendors that decide. A request before the service, the usual one, has none."""
    words = [_WORDS[type_] for type_ in authorization.types if type_ in _WORDS]
    appealed = authorization.appealed
    about = "" if appealed is None or appealed.number is None else f" with reference {appealed.number}"
    sentences = [f"{', '.join(words)}{about}."] if words else []
    decisions = (item.decision for item in authorization.items)
    sentences += [each.note for each in decisions if each.action is ReviewAction.FORWARDED and each.note]
    return {"disposition": " ".join(dict.fromkeys(sentences))} if sentences else {}


_WORDS = {
    AuthorizationType.PRE_CERTIFICATION: "Pre-certification of an admission",
    AuthorizationType.CONCURRENT: "Concurrent review of care under way",
    AuthorizationType.RETROSPECTIVE: "Retrospective review of a service that has begun",
    AuthorizationType.REFERRAL: "Referral to a specialist",
    AuthorizationType.STEP_THERAPY: "Step therapy",
    AuthorizationType.APPEAL: "Appeal of a denial",
    AuthorizationType.EXPEDITED_APPEAL: "Expedited appeal of a denial",
    AuthorizationType.RECONSIDERATION: "Reconsideration of a denial",
}
