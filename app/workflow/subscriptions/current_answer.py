"""The whole answer to a request in its present state, in the references of the client that submitted it."""

from __future__ import annotations

from datetime import datetime

from app.codes import URI
from app.domain.authorization import Authorization
from app.domain.datatypes import Identifier
from app.domain.request import Party
from app.fhir.json import write
from app.pas.asking.write_asking import asking_entries
from app.pas.edition import base_path, edition
from app.pas.face import identifying_face, server_face
from app.pas.original import read_original
from app.pas.requests.write_claim_response import answered
from app.pas.write_response import collection, write_response
from app.policy.policy import Policy
from app.records.submissions import parsed, submission_text
from app.workflow.documents.desk import desk_of
from app.workflow.system import System


async def current_answer(system: System, authorization: Authorization, now: datetime) -> str:
    """Write the answer as a PAS response Bundle in JSON, in the edition of the request."""
    text = await submission_text(system.documents, authorization.newest_submission)
    base = system.root + base_path(authorization.edition)
    policy = system.payers.get(authorization.payer)
    size = len(text or "")
    return await system.threads.run(size, authorization.owner, _written, authorization, text, policy, base, now)


def _insurer(policy: Policy | None, payer: str) -> Party:
    """Return the payer as a party; a payer without a policy has its id only."""
    if policy is None:
        return Party(name=payer)
    return Party(tuple(Identifier(own.system, own.value) for own in policy.payer.identifiers), name=policy.payer.name)


def _written(authorization: Authorization, text: str | None, policy: Policy | None, base: str, now: datetime) -> str:
    spoken = edition(authorization.edition)
    response = answered(authorization, spoken)
    full_url = f"{base}/ClaimResponse/{authorization.id}"
    original = None if text is None else read_original(parsed(text), authorization, shows_claim=False)
    if original is None:
        insurer = _insurer(policy, authorization.payer)
        face = server_face(authorization) if authorization.has_claim else identifying_face(authorization, insurer)
        entry = {"fullUrl": full_url, "resource": response.in_references(face)}
        identifier = {"system": URI, "value": f"urn:uuid:{authorization.id}"}
        return write(collection(spoken.response_bundle, identifier, now, [entry]))
    submitted = original.request
    claim_response = response.in_references(submitted.face)
    asking = asking_entries(authorization, submitted.face, spoken, desk_of(policy, base))
    return write(write_response(submitted.index, claim_response, full_url, now, spoken, asking=asking))
