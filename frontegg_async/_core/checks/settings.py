"""Check the settings of a client when the client is created. Each error names the setting."""

from __future__ import annotations

import os
import re
import ssl as tls
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async._values.secret import HiddenFields, Secret, hide, reveal
from frontegg_async.credentials import SecretSource, check_hidden, check_visible
from frontegg_async.errors import ConfigurationError
from frontegg_async.options import Options, ResolvedOptions, merge_options, resolve_options
from frontegg_async.regions import (
    BaseUrl,
    Region,
    check_credential_host,
    parse_base_url,
    parse_domain,
    parse_region,
    parse_region_url,
)

SECRET_VARIABLES: Final = ("FRONTEGG_SECRET_KEY", "FRONTEGG_API_KEY", "FRONTEGG_SECRET")

_JWT: Final = re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)
_PROXY: Final = r"https?://[!-~]{1,1024}"
_APP: Final = r"[ -~]{1,128}"
MAX_CONNECTIONS: Final = 10_000


class EnvironmentSettings(HiddenFields, eq=False):
    """The settings that ``from_env()`` reads."""

    client_id: str
    secret: Secret | Callable[[], str] | Callable[[], Awaitable[str]]
    region: Region
    base_url: str | BaseUrl | None
    domain: str | None
    """The sub-domain of the environment and its region."""
    environment_id: str | None
    allow_http: bool
    read_only: bool


VARIABLES: Final = frozenset(
    {
        *SECRET_VARIABLES,
        "FRONTEGG_ALLOW_HTTP",
        "FRONTEGG_BASE_URL",
        "FRONTEGG_CLIENT_ID",
        "FRONTEGG_DOMAIN",
        "FRONTEGG_ENVIRONMENT_ID",
        "FRONTEGG_READ_ONLY",
        "FRONTEGG_REGION",
    }
)
"""The environment variables that ``from_env()`` reads."""

_CLIENT_ID: Final = "FRONTEGG_CLIENT_ID"
_OF_CLIENT_ID: Final = ": set it to the environment's secret (API key), which belongs to FRONTEGG_CLIENT_ID"
_OR_EMULATOR: Final = (
    "; without an account, use an emulator: python -m frontegg_async.emulator --demo prints the lines that set "
    "FRONTEGG_BASE_URL, FRONTEGG_CLIENT_ID and FRONTEGG_SECRET_KEY"
)


@without_frames
def read_environment(
    environ: Mapping[str, str] | None = None,
    *,
    client_id: str | None = None,
    secret: SecretSource | Secret | None = None,
    region: Region | str | None = None,
    base_url: str | BaseUrl | Secret | None = None,
    domain: str | Secret | None = None,
    environment_id: str | None = None,
    prefix: str | None = None,
    allow_http: bool | None = None,
) -> EnvironmentSettings:
    """Read the settings of a client from environment variables and arguments. An argument overrides its variable.

    Args:
        environ: The environment variables. The default is the variables of the process.
        client_id: Overrides the variable FRONTEGG_CLIENT_ID, as each following argument overrides its variable.
        secret: The secret in a `Secret`, or a function that returns the secret.
        region: The region. Without ``base_url``, the region also overrides the variable of the address.
        base_url: The address, in a `Secret`.
        domain: The sub-domain, in a `Secret`.
        environment_id: The id of the environment.
        prefix: The path prefix of the address. No variable sets the prefix.
        allow_http: Whether ``http`` is allowed for addresses other than loopback.

    Raises:
        ConfigurationError: A setting is missing or malformed. The message names the setting.
    """
    variables = os.environ if environ is None else environ
    id_setting, region_setting, url_setting, domain_setting, environment_setting = (
        f"FRONTEGG_{name.upper()}" if given is None else name
        for name, given in (
            ("client_id", client_id),
            ("region", region),
            ("base_url", base_url),
            ("domain", domain),
            ("environment_id", environment_id),
        )
    )
    named = variables.get("FRONTEGG_CLIENT_ID") or None if client_id is None else client_id
    if named is None:
        raise ConfigurationError(_not_set("FRONTEGG_CLIENT_ID", variables))
    held = _secret_of(variables) if secret is None else check_secret(secret)
    chosen = parse_region(variables.get("FRONTEGG_REGION") or Region.EU if region is None else region, region_setting)
    address = reveal(base_url)
    is_replaced = address is None and region is not None
    if address is None and not is_replaced:
        address = variables.get("FRONTEGG_BASE_URL") or None
    allowed = is_set("FRONTEGG_ALLOW_HTTP", variables) if allow_http is None else allow_http
    check_credential_host(
        parse_region_url(chosen) if address is None else parse_base_url(address, prefix=prefix, setting=url_setting),
        check_visible(named, id_setting),
        held if isinstance(held, Secret) else None,
        allow_http=check_flag(allowed, "allow_http", ConfigurationError),
        client_id_setting=id_setting,
        base_url_setting="base_url, since region replaces FRONTEGG_BASE_URL" if is_replaced else url_setting,
        allow_http_setting="FRONTEGG_ALLOW_HTTP=1",
    )
    place = (variables.get("FRONTEGG_DOMAIN") or None) if domain is None else reveal(domain)
    if place is not None:
        known = chosen if address is None else None
        parsed = parse_domain(place, region=known, setting=domain_setting, region_setting=region_setting)
        place = parsed.host.removesuffix(".frontegg.com")
    environment = variables.get("FRONTEGG_ENVIRONMENT_ID") or None if environment_id is None else environment_id
    return EnvironmentSettings(
        client_id=named,
        secret=held,
        region=chosen,
        base_url=address,
        domain=place,
        environment_id=check_environment_id(environment, environment_setting),
        allow_http=allowed,
        read_only=is_set("FRONTEGG_READ_ONLY", variables),
    )


def _secret_of(variables: Mapping[str, str]) -> Secret:
    name = next((name for name in SECRET_VARIABLES if variables.get(name)), None)
    if name is None:
        raise ConfigurationError(_not_set(SECRET_VARIABLES[0], variables))
    return check_hidden(hide(variables[name]), name)


def read_only_by(place: str, options: Options | None) -> Options:
    """Return options that refuse writes.

    Args:
        place: The name of the variable or option that makes the client read-only, for messages.
        options: The other options.
    """
    given = Options(read_only=place)
    return given if options is None else merge_options(given, check_options(options))


def is_set(name: str, variables: Mapping[str, str]) -> bool:
    """Return whether an environment variable is 1.

    Raises:
        ConfigurationError: The variable is neither 1 nor 0.
    """
    value = variables.get(name) or "0"
    if value not in ("0", "1"):
        raise ConfigurationError(f"{name} must be 1 or 0")
    return value == "1"


def _not_set(name: str, variables: Mapping[str, str]) -> str:
    """Return the message about a missing variable."""
    import difflib  # noqa: PLC0415 - needed for errors only

    others = [other for other in variables if other not in VARIABLES and variables[other]]
    nearest = difflib.get_close_matches(name, others, 1, 0.8)
    if nearest:
        return f"{name} is not set, but {nearest[0]} is set: is {nearest[0]} misspelt?"
    return f"{name} is not set{_OR_EMULATOR if name == _CLIENT_ID else _OF_CLIENT_ID}"


@without_frames
def check_secret(value: SecretSource | Secret) -> Secret | Callable[[], str] | Callable[[], Awaitable[str]]:
    """Return the secret in a `Secret`, or the function that returns the secret.

    Raises:
        ConfigurationError: The value is neither plain text nor callable, or the value is a user's token.
    """
    if callable(value):
        return value
    held = hide(value)
    del value
    return check_secret_text(held)


def check_secret_text(value: object) -> Secret:
    """Return the secret of an environment after a check that it is plain text and not a user's token.

    Args:
        value: The value, in a `Secret` if it is text.

    Raises:
        ConfigurationError: The value has another type.
    """
    secret = check_hidden(value, "secret")
    if _JWT.fullmatch(secret.reveal()):
        raise ConfigurationError(
            "secret is a JWT, not an environment's secret: pass the token of a user to the self-service client or "
            "as_user"
        )
    return secret


def check_environment_id(value: str | None, setting: str = "environment_id") -> str | None:
    """Return the id of an environment after a check that a header can contain the id.

    Raises:
        ConfigurationError: The value is not plain text.
    """
    return None if value is None else check_visible(value, setting)


def check_app(value: str | None) -> str | None:
    """Return the name of the application for the user agent.

    Raises:
        ConfigurationError: The value is not printable ASCII text of 1 to 128 characters.
    """
    if value is not None and (not isinstance(value, str) or not re.fullmatch(_APP, value)):
        raise ConfigurationError("app must be 1 to 128 printable ASCII characters, such as 'billing/2.1'")
    return value


def check_max_connections(value: object) -> int:
    """Return the size of the connection pool of a client.

    Raises:
        ConfigurationError: The value is not a whole number from 1 to `MAX_CONNECTIONS`.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_CONNECTIONS:
        raise ConfigurationError(
            f"max_connections must be a whole number from 1 to {MAX_CONNECTIONS}, not {shown(value)}"
        )
    return value


def check_ssl(value: tls.SSLContext | None) -> tls.SSLContext | None:
    """Return a TLS context after a check that it verifies the host.

    Raises:
        ConfigurationError: The value is not a TLS context, or the context accepts any host.
    """
    if value is None:
        return None
    if not isinstance(value, tls.SSLContext):
        raise ConfigurationError("ssl must be an ssl.SSLContext")
    if not is_strict(value):
        raise ConfigurationError("ssl must verify the certificate and the host name")
    return value


def is_strict(context: tls.SSLContext) -> bool:
    """Return whether a TLS context verifies the certificate and the host name."""
    return context.verify_mode is tls.CERT_REQUIRED and context.check_hostname


def check_proxy(value: str | Secret | None) -> Secret | None:
    """Return the address of a proxy. The address may contain a password.

    Args:
        value: The value, in a `Secret` if it is text, so that no traceback contains the value.

    Raises:
        ConfigurationError: The value is not an ``http`` or ``https`` address.
    """
    hidden = hide(value)
    del value
    if hidden is None:
        return None
    if not (isinstance(hidden, Secret) and re.fullmatch(_PROXY, hidden.reveal()) and _is_address(hidden)):
        raise ConfigurationError("proxy must be http://host:port or https://host:port")
    return hidden


def _is_address(value: Secret) -> bool:
    """Return whether an address has a host, optionally a port and a user, and no path or query."""
    try:
        parts = urlsplit(value.reveal())
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return bool(parts.hostname) and has_port and parts.path in ("", "/") and not parts.query and not parts.fragment


def check_options(value: Options | None) -> ResolvedOptions:
    """Return the options of a client, with a default for each unset option.

    Raises:
        ConfigurationError: The value has another type.
    """
    if value is None:
        return ResolvedOptions()
    if not isinstance(value, Options):
        raise ConfigurationError(f"options must be Options, not {kind_of(value)}")
    return resolve_options(value)


@without_frames
def resolve_base_url(
    client_id: str,
    secret: Secret | None,
    *,
    region: Region | str,
    base_url: str | BaseUrl | None,
    prefix: str | None,
    allow_http: bool,
) -> BaseUrl:
    """Return the base URL to which the credential of an environment is sent.

    Raises:
        ConfigurationError: The region or the URL is malformed, or the credential must not be sent to this address.
    """
    chosen = parse_region(region)
    resolved = parse_region_url(chosen, prefix=prefix) if base_url is None else parse_base_url(base_url, prefix=prefix)
    check_credential_host(resolved, client_id, secret, allow_http=allow_http)
    return resolved
