"""Describe a registered client, and list the demo's clients: providers, reviewers, a patient and administrators.

A demo client has no secret: only the private key of the installation can sign a token for it. A production server
signs no token for a demo client, and rejects a token that a demo signed in the same data folder.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.access.grant import Role


class Client(Struct, frozen=True):
    """A registered client, and the most that a token can grant it.

    `npis` are the NPIs that its organization may use. A patient's client has `member`, the payer's name and the member
    id, and `patient`, the id of the Patient, if it is known. A token must not have more than `scopes`.
    """

    id: str
    role: Role
    scopes: tuple[str, ...]
    organization: str | None = None
    npis: frozenset[str] = frozenset()
    patient: str | None = None
    member: tuple[str, str] | None = None
    payers: frozenset[str] = frozenset()


_EVERY_SYSTEM = ("system/*.cruds",)
_ORG_A = frozenset({"8189991234", "1987654328", "1777777776"})
_ORG_B = frozenset({"1444444446", "1555555550"})

DEMO_CLIENTS: Mapping[str, Client] = {
    client.id: client
    for client in (
        Client("ehr-a", Role.PROVIDER, _EVERY_SYSTEM, organization="org-a", npis=_ORG_A),
        Client("biller", Role.PROVIDER, _EVERY_SYSTEM, organization="org-a", npis=_ORG_A),
        Client("ehr-b", Role.PROVIDER, _EVERY_SYSTEM, organization="org-b", npis=_ORG_B),
        Client("patient-1", Role.PATIENT, ("patient/*.rs",), member=("sample-payer", "M001")),
        Client("reviewer", Role.REVIEWER, ("user/*.rus",), payers=frozenset({"sample-payer"})),
        Client("reviewer-2", Role.REVIEWER, ("user/*.rus",), payers=frozenset({"second-payer"})),
        Client("admin", Role.ADMIN, _EVERY_SYSTEM, payers=frozenset({"sample-payer"})),
        Client("admin-2", Role.ADMIN, _EVERY_SYSTEM, payers=frozenset({"second-payer"})),
    )
}
