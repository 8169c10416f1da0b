"""Domains, e-mail addresses, URLs, roles and protocols are checked before they are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from frontegg_async import InvalidArgumentError
from frontegg_async._core.checks import arguments
from frontegg_async.models.sso_writes import SsoConfigurationCreateV1, SsoConfigurationUpdateV1
from frontegg_async.resources.of_tenant.sso import checks
from tests.support.certificates import in_base64, make_certificate


@pytest.mark.parametrize(
    "domain",
    ["example.com", "a.b", "Acme-1.Example.COM", "xn--mnchen-3ya.de", "1.example", "x" * 63 + ".com", "a." * 126 + "b"],
)
def test_a_domain_is_taken(domain: str) -> None:
    """A name between dots."""
    checks.check_domain(domain, "domain")


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "com",
        "example.com.",
        ".example.com",
        "example..com",
        "https://example.com",
        "example.com/",
        "example.com:443",
        "ann@example.com",
        "*.example.com",
        "-example.com",
        "example-.com",
        "exa mple.com",
        "example.com\n",
        "münchen.de",
        "example_1.com",
        "192.168.1.1",
        "[::1]",
        "x" * 64 + ".com",
        "a." * 127 + "b",
        None,
        5,
    ],
)
def test_what_is_no_domain_is_refused(domain: object) -> None:
    """The error says what a domain is."""
    with pytest.raises(InvalidArgumentError, match=r"^domain must"):
        checks.check_domain(domain, "domain")


@pytest.mark.parametrize("email", ["ann@example.com", "o'neil+sso@sub.example.com", "ü@grün.de"])
def test_an_address_is_taken(email: str) -> None:
    """The service judges it, not we."""
    arguments.check_email(email, "email")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "@example.com",
        "ann@",
        "a@b@c",
        "ann @example.com",
        "ann@exam ple.com",
        "<ann@example.com>",
        None,
        "ann@example.com\n",
        f"{'a' * 250}@example.com",
        "a@b,c@d",
    ],
)
def test_what_is_no_address_is_refused(email: object) -> None:
    """The error does not have it."""
    with pytest.raises(InvalidArgumentError, match=r"^email must") as caught:
        arguments.check_email(email, "email")
    assert "ann" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://idp.example.com/sso?x=1#y", "http://localhost:8080", "HTTPS://idp.example"])
def test_a_url_is_taken(url: str) -> None:
    """Absolute, and of the web."""
    arguments.check_url(url, "sso_endpoint", example="https://idp.example.com/sso")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "idp.example.com",
        "//idp.example.com",
        "/sso",
        "ftp://idp.example.com",
        "javascript:alert(1)",
        "https://",
        "https://idp.example.com/a b",
        "https://idp.example.com\n",
        "https://[::1",
        "https:///sso",
        None,
        5,
    ],
)
def test_what_is_no_url_is_refused(url: object) -> None:
    """The error names the argument."""
    with pytest.raises(InvalidArgumentError, match=r"^sso_endpoint must"):
        arguments.check_url(url, "sso_endpoint", example="https://idp.example.com/sso")


def test_roles_may_be_none() -> None:
    """Each once and in order."""
    assert checks.check_role_ids([], "role_ids") == ()
    assert checks.check_role_ids(["b", "a", "b"], "role_ids") == ("b", "a")


@pytest.mark.parametrize("value", ["r1", None, 5, [""], [None], ["a", " b"], {"r": 1, 2: 3}])
def test_what_are_no_roles_is_refused(value: object) -> None:
    """A single text too: its letters would be taken for ids."""
    with pytest.raises(InvalidArgumentError, match=r"^role_ids"):
        checks.check_role_ids(value, "role_ids")


_BODIES: list[Callable[..., Any]] = [SsoConfigurationCreateV1, SsoConfigurationUpdateV1]


@pytest.mark.parametrize("make", _BODIES)
def test_the_certificate_is_encoded(make: Callable[..., Any]) -> None:
    """The other fields stay as they are."""
    pem = make_certificate()
    body = checks.checked(make(public_certificate=pem, sso_endpoint="https://idp.example.com", enabled=True))
    assert body == make(public_certificate=in_base64(pem), sso_endpoint="https://idp.example.com", enabled=True)
    assert checks.checked(make()) == make()
    assert checks.checked(make(public_certificate=None)) == make(public_certificate=None)


@pytest.mark.parametrize("make", _BODIES)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("enabled", "yes"),
        ("enabled", 1),
        ("sign_request", 0),
        ("override_active_tenant", "no"),
        ("sso_endpoint", "idp"),
        ("sso_endpoint", 5),
        ("acs_url", ""),
        ("sp_entity_id", 5),
        ("oidc_client_id", b"x"),
        ("oidc_secret", 5),
        ("idp_client_secret", "\ud800"),
        ("public_certificate", "x"),
        ("public_certificate", b"x"),
        ("sub_account_access_limit", -1),
        ("sub_account_access_limit", 2**31),
        ("sub_account_access_limit", True),
        ("sub_account_access_limit", 1.5),
        ("config_metadata", "{}"),
        ("config_metadata", [1]),
        ("config_metadata", {"a": float("nan")}),
        ("config_metadata", {1: 2}),
    ],
)
def test_what_is_no_field_is_refused(make: Callable[..., Any], field: str, value: object) -> None:
    """The error names the argument, whether the resource refuses the field or the caller."""
    with pytest.raises(InvalidArgumentError, match=rf"^(a key of )?{field}"):
        arguments.check_body(checks.checked(make(**{field: value})))
