"""Create the `SessionHolder` of a client from the client's settings. Each error names the setting."""

from __future__ import annotations

import platform
import ssl as tls

import aiohttp

from frontegg_async._core.checks import settings
from frontegg_async._core.http.decompression import MAX_BODY
from frontegg_async._core.http.http_sessions import SessionHolder, SessionSettings
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.secret import Secret
from frontegg_async._version import __version__
from frontegg_async.errors import ConfigurationError


@without_frames
def make_sessions(
    *,
    connector: aiohttp.BaseConnector | None,
    proxy: Secret | None,
    ssl: tls.SSLContext | None,
    trust_env: bool,
    max_connections: int,
    app: str | None,
    max_body: int = MAX_BODY,
) -> SessionHolder:
    """Return the `SessionHolder` of a client. It opens the HTTP session with the first call.

    Args:
        connector: A connector of the application. The client never closes it.
        proxy: The address of a proxy, in a `Secret`.
        ssl: A TLS context in place of the default TLS context.
        trust_env: Whether the proxy variables of the environment and ``.netrc`` are used.
        max_connections: The largest number of connections. Has no effect if ``connector`` is given.
        app: The name of the application, for the user agent.
        max_body: The largest body that is read, in bytes.

    Raises:
        ConfigurationError: A setting is malformed, or two settings contradict each other.
    """
    if connector is not None and ssl is not None:
        raise ConfigurationError("ssl and connector exclude each other: pass the TLS context to the connector instead")
    if connector is not None and not isinstance(connector, aiohttp.BaseConnector):
        raise ConfigurationError("connector must be an aiohttp connector")
    if connector is not None and _accepts_any_host(connector):
        raise ConfigurationError(
            "connector must verify certificates and host names: do not create the connector with ssl=False or an "
            "unverified context"
        )
    return SessionHolder(
        SessionSettings(
            user_agent=_user_agent(settings.check_app(app)),
            connector=connector,
            proxy=settings.check_proxy(proxy),
            ssl=settings.check_ssl(ssl),
            trust_env=check_flag(trust_env, "trust_env", ConfigurationError),
            max_connections=settings.check_max_connections(max_connections),
            max_body=max_body,
        )
    )


def _accepts_any_host(connector: aiohttp.BaseConnector) -> bool:
    """Return whether a connector does not verify hosts. aiohttp has no public attribute for this."""
    setting: object = getattr(connector, "_ssl", True)
    return setting is False or (isinstance(setting, tls.SSLContext) and not settings.is_strict(setting))


def _user_agent(app: str | None) -> str:
    agent = f"frontegg-async/{__version__} python/{platform.python_version()} aiohttp/{aiohttp.__version__}"
    return f"{agent} {app}" if app else agent
