"""The client of a user, for the commands below ``frontegg user``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from frontegg_async._values.secret import Secret
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.secret_files import read_secret
from frontegg_async.cli.session import Session

if TYPE_CHECKING:
    from frontegg_async.user import AsyncFronteggUser


def client_of_user(session: Session, token_file: Path | None) -> AsyncFronteggUser:
    """Return a client that uses a user's token, for the sub-domain or the address in the settings.

    Args:
        session: The session.
        token_file: The file of ``--user-token-file``.

    Raises:
        CommandError: There is no token, or the token may belong to another environment.
        ConfigurationError: A setting is malformed.
    """
    from frontegg_async.options import Options  # noqa: PLC0415 - it imports the HTTP client
    from frontegg_async.user import AsyncFronteggUser  # noqa: PLC0415 - as above

    connection = session.connection
    by_domain = bool(connection.domain) and (connection.is_option("domain") or not connection.is_option("base_url"))
    place = "domain" if by_domain else "base_url"
    token = _user_token(token_file, None if connection.is_option(place) else connection.profile)
    return AsyncFronteggUser(
        domain=connection.domain if by_domain else None,
        region=None if connection.base_url else connection.region,  # type: ignore[arg-type]  # the client checks it
        base_url=None if by_domain else connection.base_url,
        token=token.reveal(),
        allow_http=connection.allow_http,
        options=None if connection.read_only is None else Options(read_only=connection.read_only),
        on_request=session.on_request,
        on_response=session.on_response,
    )


def _user_token(token_file: Path | None, profile: str | None) -> Secret:
    """Return the token from a file or from a variable.

    Args:
        token_file: The file of ``--user-token-file``.
        profile: The profile that gives the address for the token, if any.
    """
    if token_file is not None:
        return read_secret(token_file)
    name = next((name for name in ("FRONTEGG_USER_TOKEN", "FRONTEGG_USER_TOKEN_FILE") if os.environ.get(name)), None)
    if name is None:
        raise CommandError(
            "no user's token is given", ExitCode.USAGE, "Give --user-token-file, or set FRONTEGG_USER_TOKEN."
        )
    if profile is not None:
        raise CommandError(
            f"the token in {name} may belong to another environment than the address in the profile {profile!r}",
            ExitCode.USAGE,
            "Give --user-token-file, or give the address by --domain or --base-url.",
        )
    text = os.environ[name]
    return read_secret(Path(text)) if name.endswith("_FILE") else Secret(text)
