"""Redirect URIs: where a browser may be sent, and the source expression of a URI in a security policy."""

from __future__ import annotations

import pytest

from app.access.smart.redirects import fault_of_redirect, origin_of

GOOD = (
    ("https://app.example/back", "https://app.example"),
    ("https://app.example:8443/back?tenant=1", "https://app.example:8443"),
    ("https://App.Example", "https://app.example"),
    ("http://127.0.0.1:8001/back", "http://127.0.0.1:8001"),
    ("http://[::1]:8001/back", "http://[::1]:8001"),
    ("com.example.app:/back", "com.example.app:"),
    ("com.example.app://back", "com.example.app:"),
)


@pytest.mark.parametrize(("uri", "source"), GOOD)
def test_a_good_uri_has_a_source_expression(uri: str, source: str) -> None:
    assert fault_of_redirect(uri) is None
    assert origin_of(uri) == source


@pytest.mark.acceptance("A11", "H78")
@pytest.mark.parametrize(
    "uri",
    [
        "", "/back", "app:/back", "http://app.example/back", "https:///back", "https://app.example/back#part",
        "https://user@app.example/back", "https://*.example/back", "javascript:alert(1)", "data:text/html,x",
        "https://app.example;script-src/back", "https://app.example;form-action *", "https://app.example,b.example/",
        "https://app.example'/back", "https://app_.example/back", "https://app.example:0/back", "com.example;x:/back",
        "com.example.app:/back#part", "com.example app:/back", ".app:/back", "com..app:/back",
        "https://app.example$/back", "https://app.example&b/back", "https://app%2fb/back", "https://[::1/back",
        "https://app.example:65536/back", "https://app.example:b/back", "http://127.0.0.1.evil.example/back",
    ],
)  # fmt: skip
def test_another_uri_is_refused(uri: str) -> None:
    assert fault_of_redirect(uri) is not None
