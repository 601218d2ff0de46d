"""Chapter "Review": the EHR sends the document that the payer asks for, and the reviewer opens it."""

from __future__ import annotations

from base64 import b64decode

from app.demo.messages import attachment
from app.demo.scene import Scene, expect
from app.demo.step import Shown


def attached(scene: Scene) -> Shown:
    """Send the progress note under the control number of the CommunicationRequest."""
    requests = [
        resource
        for resource in scene.remembered["pend"].resources
        if resource["resourceType"] == "CommunicationRequest"
    ]
    expect("the documents that the payer asks for", 1, len(requests))
    number = str(requests[0]["identifier"][0]["value"])
    outcome = scene.post("ehr-a", "/$submit-attachment", attachment(number)).body
    return Shown("attached", number, str(outcome["issue"][0]["details"]["text"]))


def opened(scene: Scene) -> Shown:
    """List the evidence of the request, and open the document."""
    evidence = scene.get("reviewer", f"/ClaimResponse/{scene.answer('pend').id}/$evidence").resources
    expect("the resources", ["DocumentReference"], [resource["resourceType"] for resource in evidence])
    id_ = str(evidence[0]["content"][0]["attachment"]["url"]).rpartition("/")[2]
    binary = scene.get("reviewer", f"/Binary/{id_}?_format=json").body
    return Shown("read", scene.answer("pend").reference, b64decode(binary["data"]).decode())
