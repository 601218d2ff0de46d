"""The table of grant types: how a client gets a token. A new grant type is a row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app.access.registry import GrantType
from app.access.smart.app_tokens import TokenAnswer
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.credentials import Form, Proved, Sender
from app.access.smart.oauth_error import OAuthError, OAuthFault, invalid_request
from app.workflow.smart.authentication import authenticate
from app.workflow.smart.client_credentials import client_credentials
from app.workflow.smart.redeem import redeem
from app.workflow.smart.refresh import refresh, with_client
from app.workflow.system import System

TokenResponse = dict[str, Any] | TokenAnswer
"""https://www.rfc-editor.org/rfc/rfc6749#section-5.1"""

Flow = Callable[[System, AuthorizationServer, Proved, Form], Awaitable[TokenResponse]]
"""Issues tokens to an authenticated client that may use the grant type. Raises OAuthError."""

GRANT_TYPES: Mapping[str, Flow] = {
    GrantType.CLIENT_CREDENTIALS: client_credentials,
    GrantType.AUTHORIZATION_CODE: redeem,
    GrantType.REFRESH_TOKEN: refresh,
}


async def issue_tokens(system: System, server: AuthorizationServer, form: Form, sender: Sender) -> TokenResponse:
    """Answer a token request: authenticate the client and follow the flow of the grant type.

    Raises OAuthError, and ThrottledError after too many failures.
    """
    if "grant_type" not in form:
        raise invalid_request("grant_type is missing.")
    flow = GRANT_TYPES.get(form["grant_type"])
    if flow is None:
        supported = ", ".join(GRANT_TYPES)
        raise OAuthError(OAuthFault.UNSUPPORTED_GRANT_TYPE, f"grant_type must be one of: {supported}.")
    if form["grant_type"] == GrantType.REFRESH_TOKEN and sender.authorization is None:
        form = await with_client(system, form)
    proved = await authenticate(system, server, form, sender)
    if form["grant_type"] not in proved.client.grants:
        raise OAuthError(OAuthFault.UNAUTHORIZED_CLIENT, "The client is not registered for this grant_type.")
    return await flow(system, server, proved, form)
