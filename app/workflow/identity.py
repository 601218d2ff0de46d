"""The parts by which the server knows its callers: tokens, registered clients, and where clients get tokens."""

from __future__ import annotations

from msgspec import Struct, field

from app.access.smart.authorization_server import AuthorizationServer, ExternalServer
from app.access.udap.community import UdapServer
from app.access.verifier import TokenVerifier
from app.workflow.registry.registry import Registry
from app.workflow.registry.revocations import Revocations


class Identity(Struct, frozen=True, kw_only=True):
    """The proofs of a caller, and the records of it.

    `oauth` is the embedded authorization server; None: it is off, and clients go to `external_oauth`, if that is known.
    `certificate_header` is the header in which proxies send a client's certificate; None: none is believed.
    """

    tokens: TokenVerifier
    registry: Registry
    revocations: Revocations = field(default_factory=Revocations)
    oauth: AuthorizationServer | None = None
    external_oauth: ExternalServer | None = None
    udap: UdapServer | None = None
    certificate_header: str | None = None
