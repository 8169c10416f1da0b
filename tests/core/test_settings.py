"""Settings are checked when a client is created; each error names its setting."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any, Final

import pytest

from frontegg_async._core.checks import settings
from frontegg_async._values.flags import check_flag
from frontegg_async._values.secret import Secret
from frontegg_async.credentials import check_visible
from frontegg_async.errors import ConfigurationError
from frontegg_async.options import Options, resolve_options
from frontegg_async.regions import Region

_NEEDED: Final = {"FRONTEGG_CLIENT_ID": "client", "FRONTEGG_SECRET_KEY": "canary"}
_EMULATED: Final = {"FRONTEGG_CLIENT_ID": "emu_c", "FRONTEGG_SECRET_KEY": "emu_s"}
_IN_COMPOSE: Final = {"FRONTEGG_BASE_URL": "http://emulator:8080"}


def test_the_least() -> None:
    """Client id and secret are enough; the region is EU."""
    found = settings.read_environment(_NEEDED)
    assert (found.client_id, found.secret.reveal(), found.region) == ("client", "canary", Region.EU)
    assert (found.base_url, found.domain, found.environment_id) == (None, None, None)
    assert "canary" not in repr(found)


def test_all() -> None:
    """Every variable is read, and others are not."""
    found = settings.read_environment(
        _NEEDED
        | {
            "FRONTEGG_REGION": "US",
            "FRONTEGG_BASE_URL": "https://a.example/frontegg",
            "FRONTEGG_DOMAIN": "app-acme.us",
            "FRONTEGG_ENVIRONMENT_ID": "env-1",
            "FRONTEGG_OTHER": "\n",
        }
    )
    assert (found.region, found.base_url, found.domain) == (Region.US, "https://a.example/frontegg", "app-acme.us")
    assert found.environment_id == "env-1"


def test_the_variables_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default the variables of the process are read, when they are asked for."""
    for name, value in {**dict.fromkeys(settings.SECRET_VARIABLES, ""), **_NEEDED}.items():
        monkeypatch.setenv(name, value)
    for name in ("REGION", "BASE_URL", "DOMAIN", "ENVIRONMENT_ID"):
        monkeypatch.delenv(f"FRONTEGG_{name}", raising=False)
    assert settings.read_environment().secret.reveal() == "canary"


@pytest.mark.parametrize(
    ("variables", "secret"),
    [
        ({"FRONTEGG_SECRET_KEY": "a", "FRONTEGG_API_KEY": "b", "FRONTEGG_SECRET": "c"}, "a"),
        ({"FRONTEGG_API_KEY": "b", "FRONTEGG_SECRET": "c"}, "b"),
        ({"FRONTEGG_SECRET": "c"}, "c"),
        ({"FRONTEGG_SECRET_KEY": "", "FRONTEGG_SECRET": "c"}, "c"),
    ],
)
def test_the_names_of_the_secret(variables: dict[str, str], secret: str) -> None:
    """The names that shipped clients read are taken in their order; an empty variable is not set."""
    assert settings.read_environment({"FRONTEGG_CLIENT_ID": "client"} | variables).secret.reveal() == secret


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "FRONTEGG_CLIENT_ID is not set; without an account, use an emulator"),
        ({"FRONTEGG_SECRET_KEY": "s"}, "FRONTEGG_CLIENT_ID is not set"),
        ({"FRONTEGG_CLIENT_ID": "", "FRONTEGG_SECRET_KEY": "s"}, "FRONTEGG_CLIENT_ID is not set"),
        ({"FRONTEGG_CLIENT_ID": "c"}, "FRONTEGG_SECRET_KEY is not set"),
        (
            {"FRONTEGG_CLIENTID": "c"},
            "FRONTEGG_CLIENT_ID is not set, but FRONTEGG_CLIENTID is set: is FRONTEGG_CLIENTID misspelt?",
        ),
        (
            {"FRONTEGG_CLIENT_ID": "c", "FRONTEGG_SECRET_KYE": "s", "FRONTEGG_SECRET": ""},
            "FRONTEGG_SECRET_KEY is not set, but FRONTEGG_SECRET_KYE is set: is FRONTEGG_SECRET_KYE misspelt?",
        ),
        (_NEEDED | {"FRONTEGG_CLIENT_ID": "a b"}, "FRONTEGG_CLIENT_ID must be 1 to 1024 visible ASCII characters"),
        (_NEEDED | {"FRONTEGG_SECRET_KEY": "canary "}, "FRONTEGG_SECRET_KEY must be 1 to 1024 visible ASCII"),
        ({"FRONTEGG_CLIENT_ID": "c", "FRONTEGG_API_KEY": "canary\n"}, "FRONTEGG_API_KEY must be 1 to 1024 visible"),
        ({"FRONTEGG_CLIENT_ID": "c", "FRONTEGG_SECRET": "canar\u00fd"}, "FRONTEGG_SECRET must be 1 to 1024 visible"),
        (_NEEDED | {"FRONTEGG_REGION": "canary" * 5}, "FRONTEGG_REGION must be one of eu, us, ca, au, uk"),
        (_NEEDED | {"FRONTEGG_BASE_URL": "canary"}, "FRONTEGG_BASE_URL must be https://host"),
        (_NEEDED | {"FRONTEGG_BASE_URL": "https://u:canary@a.example"}, "FRONTEGG_BASE_URL must be https://host"),
        (_NEEDED | {"FRONTEGG_DOMAIN": "canary.example"}, "FRONTEGG_DOMAIN must be a sub-domain"),
        (_NEEDED | {"FRONTEGG_ENVIRONMENT_ID": "canary x"}, "FRONTEGG_ENVIRONMENT_ID must be 1 to 1024 visible"),
        (_NEEDED | {"FRONTEGG_ALLOW_HTTP": "canary"}, "FRONTEGG_ALLOW_HTTP must be 1 or 0"),
        (_NEEDED | _IN_COMPOSE, "FRONTEGG_BASE_URL must be https; http is allowed on loopback"),
        (_EMULATED | _IN_COMPOSE | {"FRONTEGG_ALLOW_HTTP": "0"}, "FRONTEGG_BASE_URL must be https"),
        (_NEEDED | _IN_COMPOSE | {"FRONTEGG_ALLOW_HTTP": "1"}, "FRONTEGG_BASE_URL must be https"),
        (
            _EMULATED | {"FRONTEGG_BASE_URL": "http://api.frontegg.com", "FRONTEGG_ALLOW_HTTP": "1"},
            "FRONTEGG_CLIENT_ID or its secret is a credential of an emulator",
        ),
    ],
)
def test_bad_variables(variables: dict[str, str], named: str) -> None:
    """What is missing or malformed is named by its variable, and its value is not quoted."""
    with pytest.raises(ConfigurationError) as caught:
        settings.read_environment(variables)
    assert str(caught.value).startswith(named)
    assert "canary" not in repr(caught.value.args)


@pytest.mark.parametrize("variables", [{"FRONTEGG_ALLOW_HTTP": "1"}, {}])
def test_http_is_allowed_by_a_variable_or_in_code(variables: dict[str, str]) -> None:
    """Either is enough for the credentials of an emulator."""
    environ = _EMULATED | _IN_COMPOSE | variables
    assert settings.read_environment(environ, allow_http=None if variables else True).allow_http
    with pytest.raises(ConfigurationError, match="FRONTEGG_BASE_URL must be https"):
        settings.read_environment(environ, allow_http=False)


_FINE: Final[list[tuple[Callable[[Any], object], list[object]]]] = [
    (settings.check_app, [None, "billing/2.1", "a", "a b (c; d)", "x" * 128]),
    (settings.check_environment_id, [None, "env", "0af7651916cd43dd", "!~"]),
    (settings.check_max_connections, [1, 100, 10_000]),
    (
        settings.check_proxy,
        [None, "http://proxy", "http://proxy:3128", "https://user:pass@proxy:3128/", "http://[::1]:1"],
    ),
    (settings.check_ssl, [None, ssl.create_default_context()]),
    (lambda value: check_flag(value, "trust_env", ConfigurationError), [True, False]),
]


@pytest.mark.parametrize(("check", "value"), [(check, value) for check, values in _FINE for value in values])
def test_good_settings(check: Callable[[object], object], value: object) -> None:
    """A good setting is taken as it is; one that may have a password is hidden."""
    found = check(value)
    assert found is value or (isinstance(found, Secret) and found.reveal() == value)


def _any_host() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    return context


def _any_certificate() -> ssl.SSLContext:
    context = _any_host()
    context.verify_mode = ssl.CERT_NONE
    return context


def _optional_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


_BAD: Final[list[tuple[str, Callable[[Any], object], list[object]]]] = [
    ("app", settings.check_app, ["", "x" * 129, "a\n", "a\r\nX: y", "\u00e4", "\x00", 5, b"a"]),
    ("environment_id", settings.check_environment_id, ["", " ", "a b", "a\n", "\u00e4", "x" * 1_025, 5, b"a"]),
    ("max_connections", settings.check_max_connections, [0, -1, 10_001, 1.0, True, None, "5"]),
    (
        "proxy",
        settings.check_proxy,
        [
            *(
                "",
                "proxy",
                "proxy:3128",
                "socks5://proxy",
                "http://",
                "http:///x",
                "http://proxy:0",
                "http://proxy:99999",
            ),
            *("http://proxy:x", "http://[::1", "http://proxy/x", "http://proxy?x", "http://proxy#x", "http://pro xy"),
            *("http://proxy\n", "http://pr\u00f6xy", 5, b"http://proxy"),
        ],
    ),
    ("ssl", settings.check_ssl, [True, False, "x", _any_host(), _any_certificate(), _optional_certificate()]),
    ("trust_env", lambda value: check_flag(value, "trust_env", ConfigurationError), [None, 0, 1, "true"]),
    ("options", settings.check_options, [{}, {"timeout": 5}, 5, "x", Options]),
    ("secret", settings.check_secret, ["", " ", "a b", "a\n", "\u00e4", "x" * 1_025, 5, None, b"a"]),
    ("client_id", lambda value: check_visible(value, "client_id"), ["", " a", "a\t", "\ud800", None, 5]),
]


@pytest.mark.parametrize(
    ("name", "check", "value"), [(name, check, value) for name, check, values in _BAD for value in values]
)
def test_bad_settings(name: str, check: Callable[[object], object], value: object) -> None:
    """A bad setting is refused by its name."""
    with pytest.raises(ConfigurationError, match=rf"^{name} must "):
        check(value)


def test_options_by_default() -> None:
    """A client without options has the default ones, one with options has those."""
    assert settings.check_options(None) == resolve_options(Options())
    options = Options(timeout=5)
    assert settings.check_options(options) == resolve_options(options)


def _resolve(
    *,
    client_id: str = "client",
    region: Region | str = Region.EU,
    base_url: str | None = None,
    prefix: str | None = None,
    allow_http: bool = False,
) -> str:
    return str(
        settings.resolve_base_url(
            client_id, None, region=region, base_url=base_url, prefix=prefix, allow_http=allow_http
        )
    )


def test_the_address_of_a_credential() -> None:
    """A base URL wins over the region; a prefix goes with either."""
    assert _resolve() == "https://api.frontegg.com"
    assert _resolve(region="us", prefix="/frontegg") == "https://api.us.frontegg.com/frontegg"
    assert _resolve(region="us", base_url="https://a.example") == "https://a.example"
    assert _resolve(base_url="https://a.example", prefix="/x") == "https://a.example/x"
    assert _resolve(base_url="http://127.0.0.1:1") == "http://127.0.0.1:1"
    assert _resolve(client_id="emu_c", base_url="http://emulator:1", allow_http=True) == "http://emulator:1"


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "de"},
        {"region": "de", "base_url": "https://a.example"},
        {"base_url": "http://a.example"},
        {"base_url": "http://a.example", "allow_http": True},
        {"base_url": "http://api.frontegg.com", "allow_http": True},
        {"base_url": "http://a.example", "client_id": "emu_c"},
        {"base_url": "https://a.example/x", "prefix": "/y"},
        {"prefix": "x"},
        {"client_id": "emu_c"},
        {"client_id": "emu_c", "base_url": "https://api.us.frontegg.com"},
    ],
)
def test_addresses_that_a_credential_must_not_reach(changes: dict[str, Any]) -> None:
    """A malformed address, or one where the credential must not travel, is refused when the client is made."""
    with pytest.raises(ConfigurationError):
        _resolve(**changes)


def test_a_region_in_code_replaces_the_address() -> None:
    """What an emulator's credentials need is told; the variable, which is set, would not help."""
    variables = {**_EMULATED, "FRONTEGG_BASE_URL": "http://127.0.0.1:1"}
    with pytest.raises(ConfigurationError, match=r"set base_url, since region replaces FRONTEGG_BASE_URL$"):
        settings.read_environment(variables, region="eu")
    with pytest.raises(ConfigurationError, match=r"set FRONTEGG_BASE_URL$"):
        settings.read_environment(_EMULATED)
