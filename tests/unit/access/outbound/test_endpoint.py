"""URLs of endpoints: strict syntax, origins compared as values, and no address that is private."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from app.access.origins import is_origin
from app.access.outbound.endpoint import (
    Endpoint,
    EndpointRefused,
    Origin,
    OutboundRules,
    check_listed,
    read_endpoint,
    read_url,
)
from app.access.smart.redirects import fault_of_redirect
from app.registry.values import origin_fault, url_fault
from tests.support.hostile_addresses import NUMERIC_HOSTS, PRIVATE

PRODUCTION = OutboundRules()
DEMO = OutboundRules(networks=(ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")), http=True, unlisted=True)

SYNTAX = (
    "", "hooks.example", "//hooks.example", "ftp://hooks.example/", "https:hooks.example", "https://", "https:///x",
    "https://user@hooks.example/", "https://user:secret@hooks.example/", "https://@hooks.example/",
    "https://hooks.example/#part", "https://hooks.example\\@evil.test/", "https://hooks.example /", " https://hooks.example/",
    "https://hooks.example/\r\nX: y", "https://hooks.example/\n", "https://hooks.example:0/", "https://hooks.example:99999999/",
    "https://hooks.example:/", "https://hooks.example:443x/", "https://höoks.example/", "https://hooks.example/\u202e",
    "https://hooks.example/a b", "https://hooks_example/", "https://-hooks.example/", "https://hooks..example/",
    "https://hooks.example./", "https://%68ooks.example/", "https://[::1/", "https://::1/", "https://[hooks]/",
    "https://hooks.example:443:80/", "https://hooks.example/<script>", "https://*.example/", "https://hooks.example:65536/",
)  # fmt: skip


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize("url", [*SYNTAX, "http://hooks.example/", "https://hooks.example/" + "x" * 2048])
def test_a_url_with_another_syntax_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused):
        read_endpoint(url, PRODUCTION)


@pytest.mark.parametrize("url", SYNTAX)
def test_the_syntax_is_as_strict_in_a_demo(url: str) -> None:
    with pytest.raises(EndpointRefused):
        read_endpoint(url, DEMO)


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize("host", [*PRIVATE, *NUMERIC_HOSTS, "localhost", "LOCALHOST", "a.localhost"])
def test_a_url_with_a_private_host_is_refused(host: str) -> None:
    authority = f"[{host}]" if ":" in host else host
    with pytest.raises(EndpointRefused):
        read_endpoint(f"https://{authority}/hook", PRODUCTION)


@pytest.mark.parametrize("host", NUMERIC_HOSTS)
def test_another_notation_of_an_address_is_refused_in_a_demo_too(host: str) -> None:
    with pytest.raises(EndpointRefused, match="name or an IP address"):
        read_endpoint(f"https://{host}/", DEMO)


@pytest.mark.parametrize(
    "url", ["http://localhost:4567/hook", "http://127.0.0.1:4567/hook", "http://10.0.0.7:8080/hook"]
)
def test_a_demo_may_call_listed_networks_by_http_at_any_port(url: str) -> None:
    assert read_endpoint(url, DEMO).target == "/hook"


@pytest.mark.parametrize("url", ["http://192.168.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data"])
def test_a_demo_may_not_call_networks_that_are_not_listed(url: str) -> None:
    with pytest.raises(EndpointRefused):
        read_endpoint(url, DEMO)


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://hooks.example", "hooks.example", 443, "/"),
        ("HTTPS://Hooks.Example:443/A?b=c%20d", "hooks.example", 443, "/A?b=c%20d"),
        ("https://hooks.example?b=c", "hooks.example", 443, "/?b=c"),
        ("https://8.8.8.8:8443/x", "8.8.8.8", 8443, "/x"),
        ("https://[2606:4700:4700::1111]/x", "2606:4700:4700::1111", 443, "/x"),
    ],
)
def test_an_endpoint_has_origin_and_target(url: str, host: str, port: int, target: str) -> None:
    assert read_endpoint(url, PRODUCTION) == Endpoint(Origin("https", host, port), target)


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.evil.test/", "https://evil.test/https://hooks.example", "https://hooks.example:8443/",
        "https://hooks.exampl/", "https://xhooks.example/", "https://a.hooks.example/", "https://other.example/",
    ],
)  # fmt: skip
def test_an_origin_that_only_looks_like_a_registered_one_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused, match="registered origins"):
        check_listed(read_endpoint(url, PRODUCTION), ["https://hooks.example", "https://other.example:444"], PRODUCTION)


@pytest.mark.parametrize(
    "url", ["https://hooks.example/x", "https://HOOKS.example:443/y", "https://other.example:444/"]
)
def test_a_registered_origin_is_allowed_with_its_port(url: str) -> None:
    check_listed(read_endpoint(url, PRODUCTION), ["https://hooks.example", "https://other.example:444"], PRODUCTION)


def test_a_client_without_registered_origins_may_name_no_endpoint() -> None:
    endpoint = read_endpoint("https://hooks.example/", PRODUCTION)
    with pytest.raises(EndpointRefused, match="registered origins"):
        check_listed(endpoint, [], PRODUCTION)
    check_listed(endpoint, [], DEMO)


def test_a_refusal_does_not_quote_the_url() -> None:
    with pytest.raises(EndpointRefused) as refused:
        read_endpoint("https://user:secret@hooks.example/", PRODUCTION)
    assert "secret" not in str(refused.value)


@pytest.mark.acceptance("D52", "E55")
@pytest.mark.parametrize("url", SYNTAX)
def test_every_reader_of_urls_is_as_strict(url: str) -> None:
    assert url_fault(url) is not None
    assert origin_fault(url) is not None
    assert fault_of_redirect(url) is not None
    assert not is_origin(url)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://Hooks.Example/a?b", "https://hooks.example"), ("https://hooks.example:443", "https://hooks.example"),
        ("https://hooks.example:8443/", "https://hooks.example:8443"), ("http://[::1]:80/", "http://[::1]"),
        ("http://localhost:9000", "http://localhost:9000"),
    ],
)  # fmt: skip
def test_an_origin_is_written_as_browsers_write_it(url: str, text: str) -> None:
    assert read_url(url).origin.text == text
    assert is_origin(text)
    assert is_origin(url) is (url == text)
