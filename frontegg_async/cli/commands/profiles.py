"""``frontegg login``, ``logout``, ``profiles``, ``whoami`` and ``check``: the settings of environments."""

from __future__ import annotations

import asyncio
import os
from typing import Final, get_args

import attrs
import click

from frontegg_async._values.secret import Secret
from frontegg_async.cli import prompts
from frontegg_async.cli.command import REGIONS, Argument, Command, Group, entry_of, profile_names
from frontegg_async.cli.connection import PLACES, Connection, without_secrets
from frontegg_async.cli.failures import CommandError, ExitCode, failure_of, message_of
from frontegg_async.cli.profiles import Profile, Store
from frontegg_async.cli.results import columns_of
from frontegg_async.cli.session import Session
from frontegg_async.errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    DecodeError,
    FronteggError,
    ProtocolError,
    RequestTimeoutError,
)
from frontegg_async.models.check import ConnectionCheck

_SHOWN: Final = ("name", "is_default", "environment", "production", "client_id", "region", "base_url")
"""The columns of the table of profiles."""

_ELSEWHERE: Final = frozenset({404, 405, 501})
"""The status codes that show that the host is not the service."""

_timeout = click.option(
    "--timeout",
    type=click.FloatRange(0, 600, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="Seconds to wait for the host, including retries.",
)


def login(name: str) -> Command:
    """Return the command ``frontegg login``.

    Args:
        name: The name of the command.
    """

    @click.option(
        "--environment", metavar="NAME", help="The environment's name for people. The default is the profile's name."
    )
    @click.option(
        "--production/--no-production",
        default=None,
        help="Whether the environment is production. If so, changes of several accounts ask a person to type its name.",
    )
    @click.option("--read-only/--no-read-only", default=None, help="Whether commands refuse all changes.")
    @click.option(
        "--secret-store",
        type=click.Choice(get_args(Store)),
        default="auto",
        help="The place of the secret. auto is the keyring if it works, and otherwise a file.",
    )
    @click.option("--no-check", is_flag=True, help="Store the profile without authentication.")
    @_timeout
    def run(
        session: Session,
        *,
        environment: str | None,
        production: bool | None,
        read_only: bool | None,
        secret_store: Store,
        no_check: bool,
        timeout: float,
    ) -> int:
        profile_name = session.named_profile or "default"
        before = session.profiles.find(profile_name)
        found = _settings(session, before)
        client_id, secret = found.needed()
        try:
            asyncio.run(_tried(session, found, None if no_check else timeout))
        except FronteggError as error:
            raise _refusal(error, found) from error
        if before is not None and before.client_id != client_id:
            before = None  # the stored settings belong to another environment
        profile = Profile(
            name=profile_name,
            client_id=client_id,
            region=found.region if found.base_url is None else None,
            base_url=found.base_url,
            domain=found.domain,
            environment_id=found.environment_id,
            environment=environment
            or os.environ.get("FRONTEGG_ENVIRONMENT")
            or (None if before is None else before.environment),
            production=(before is not None and before.production) if production is None else production,
            read_only=(before is not None and before.read_only) if read_only is None else read_only,
            allow_http=found.allow_http,
        )
        stored = session.profiles.put(profile, secret, secret_store)
        place = "the keyring" if stored.in_keyring else "a file that only you may read"
        session.say(f"stored the profile {stored.name!r} in {session.profiles.path}, and its secret in {place}")
        return ExitCode.DONE

    return Command(
        name,
        run,
        help="Store the settings of an environment as a profile, and its secret in the keyring or a private file.\n\n"
        "On a terminal, the command asks for missing values. Elsewhere, the client id comes from --client-id or "
        "FRONTEGG_CLIENT_ID, and the secret comes from --secret-file, FRONTEGG_SECRET_KEY or FRONTEGG_SECRET_KEY_FILE. "
        "No option takes the secret itself, since other users could see it in the list of processes. If the profile "
        "exists with this client id, omitted settings keep their values.",
        examples=("login --profile live --client-id 1a2b --production", "login --client-id 1a2b --secret-file -"),
    )


def _settings(session: Session, before: Profile | None) -> Connection:
    """Return settings from options and variables, completed by the earlier profile and by a person's answers."""
    connection = session.given()
    if before is not None and connection.client_id in (None, before.client_id):
        connection = _with(connection, before)
    elif connection.client_id is None and prompts.can_ask():
        for name in PLACES:
            if name in connection.sources:
                session.say(f"the setting {name} is from {connection.sources[name]}")
        connection = attrs.evolve(connection, client_id=prompts.ask("Client id: ") or None)
    if not prompts.can_ask():
        return connection
    if before is None and connection.region is None and connection.base_url is None:
        region = prompts.ask(f"Region ({', '.join(REGIONS)}; eu by default): ").lower() or None
        if region is not None and region not in REGIONS:
            raise CommandError(f"the region must be one of {', '.join(REGIONS)}, not {region!r}", ExitCode.USAGE)
        connection = attrs.evolve(connection, region=region)
    if connection.secret is None:
        typed = prompts.ask("Secret (it is not shown): ", hidden=True)
        connection = attrs.evolve(connection, secret=Secret(typed) if typed else None)
    return connection


def _with(connection: Connection, before: Profile) -> Connection:
    """Return settings, completed from a profile.

    Raises:
        CommandError: A variable gives an address, and the credential comes from the profile.
    """
    foreign = [name for name in PLACES if name in connection.sources and not connection.is_option(name)]
    if connection.client_id is None and foreign:
        names = ", ".join(connection.sources[name] for name in foreign)
        raise CommandError(
            f"{names} may belong to another environment than the client id of the profile {before.name!r}",
            ExitCode.USAGE,
            f"Set FRONTEGG_CLIENT_ID too, or unset {names}.",
        )
    has_address = connection.region is not None or connection.base_url is not None
    return attrs.evolve(
        connection,
        client_id=before.client_id,
        region=connection.region if has_address else before.region,
        base_url=connection.base_url if has_address else before.base_url,
        domain=connection.domain or before.domain,
        environment_id=connection.environment_id or before.environment_id,
        allow_http=connection.allow_http or before.allow_http,
    )


async def _tried(session: Session, connection: Connection, patience: float | None) -> None:
    """Check that the settings work. The client refuses malformed settings before it sends a request."""
    async with session.client(connection) as client:
        if patience is not None:
            await client.with_options(deadline=patience).check()


def logout(name: str) -> Command:
    """Return the command ``frontegg logout``.

    Args:
        name: The name of the command.
    """

    def run(session: Session) -> int:
        profile = session.named_profile or session.profiles.default
        if profile is None:
            raise CommandError(
                "no profile is chosen: give --profile", ExitCode.USAGE, "'frontegg profiles' lists the profiles."
            )
        if not session.profiles.remove(profile):
            raise CommandError(
                f"removed the profile {profile!r}, but the keyring does not remove its secret",
                ExitCode.PARTLY,
                f"In the keyring, remove the entries of 'frontegg' whose names begin with {profile!r}.",
            )
        session.say(f"removed the profile {profile!r} and its secret")
        if session.profiles.names and session.profiles.default is None:
            session.say("no profile is the default now: 'frontegg profiles use' chooses a default")
        return ExitCode.DONE

    return Command(name, run, help="Remove a profile and its secret.", examples=("logout --profile staging",))


def profiles(name: str) -> Group:
    """Return the command ``frontegg profiles``.

    Args:
        name: The name of the command.
    """

    def show(session: Session) -> int:
        rows = [
            {"name": each, "is_default": each == session.profiles.default, **_public(session.profiles.get(each))}
            for each in session.profiles.names
        ]
        if session.format == "table" and not session.fields:
            rows = [{column: row[column] for column in _SHOWN} for row in rows]
        columns = ("name", "is_default", *(name for name in columns_of(Profile) if name != "name"))
        asyncio.run(session.show_all(rows, columns=columns, what="profiles", id_field="name"))
        return ExitCode.DONE

    def use(session: Session, profile_name: str) -> int:
        session.profiles.use(profile_name)
        session.say(f"{profile_name!r} is the default profile now")
        return ExitCode.DONE

    listing = Command("list", show, help="List the profiles.", examples=("profiles list",))
    choose = Command(
        "use",
        use,
        params=[Argument("profile_name", "The name of the profile.", metavar="NAME", complete=profile_names)],
        help="Make a profile the default.",
        examples=("profiles use staging",),
    )

    return Group(
        name,
        commands={"list": entry_of(listing), "use": entry_of(choose)},
        help="List the profiles, or choose the default.",
        examples=("profiles", "profiles use staging"),
        default=show,
    )


def _public(profile: Profile) -> dict[str, object]:
    values = attrs.asdict(profile)
    del values["name"]
    return {**values, "base_url": profile.base_url and without_secrets(profile.base_url)}


def whoami(name: str) -> Command:
    """Return the command ``frontegg whoami``.

    Args:
        name: The name of the command.
    """

    def run(session: Session) -> int:
        found = session.connection
        settings = {
            "profile": found.profile,
            "environment": found.environment,
            "production": found.production,
            "read_only": found.read_only is not None,
            "client_id": found.client_id,
            "region": found.region or (None if found.base_url else "eu"),
            "base_url": found.base_url and without_secrets(found.base_url),
            "domain": found.domain,
            "environment_id": found.environment_id,
            "has_secret": found.secret is not None,
            "sources": dict(found.sources),
        }
        session.check_fields(tuple(settings))
        session.show(settings, id_field="client_id")
        return ExitCode.DONE

    return Command(
        name,
        run,
        help="Show the settings in use and their sources. No request is sent, and the secret is not shown.",
        examples=("whoami", "whoami --profile staging --output yaml"),
    )


def _wrong(error: FronteggError, connection: Connection) -> str:
    """Return a text that names the setting which caused an authentication error."""
    place = "base_url" if connection.base_url else "region"
    if isinstance(error, ConnectionFailedError) and error.reason == "proxy":
        return "wrong proxy (HTTPS_PROXY)"
    if isinstance(error, AuthenticationError) and error.status in {401, 403}:
        return "wrong client_id, secret or region" if place == "region" else "wrong client_id or secret"
    if isinstance(error, ConfigurationError):  # its message names the setting
        return "wrong setting"
    if isinstance(error, RequestTimeoutError):
        return f"the host does not respond, or is the wrong host ({place})"
    kinds = ConnectionFailedError | AuthenticationError | ProtocolError | DecodeError
    if isinstance(error, kinds) or (isinstance(error, APIError) and error.status in _ELSEWHERE):
        return f"wrong host ({place})"
    return "the host failed"


def _origins(connection: Connection) -> str:
    """Return the sources of the settings that authentication needs."""
    names = [name for name in ("client_id", "secret", "base_url", "region") if name in connection.sources]
    shown = ", ".join(f"{name} from {connection.sources[name]}" for name in names)
    return shown if connection.base_url or connection.region else f"{shown}, region eu by default"


def _refusal(error: FronteggError, connection: Connection) -> CommandError:
    """Return the error of a failed authentication. Authentication changes nothing, so no outcome is unknown."""
    found = failure_of(error).code
    code = ExitCode.ERROR if found is ExitCode.UNKNOWN else found
    return CommandError(f"{_wrong(error, connection)}: {message_of(error)}", code, _origins(connection))


def check(name: str) -> Command:
    """Return the command ``frontegg check``.

    Args:
        name: The name of the command.
    """

    @_timeout
    def run(session: Session, timeout: float) -> int:
        session.check_fields(columns_of(ConnectionCheck))
        connection = session.connection
        try:
            checked = session.run(lambda client: client.with_options(deadline=timeout).check())
        except FronteggError as error:
            raise _refusal(error, connection) from error
        session.show(checked, id_field="base_url")
        session.say(f"the credential is accepted; {_origins(connection)}")
        return ExitCode.DONE

    return Command(
        name,
        run,
        help="Authenticate, and show which setting is wrong: host, client id, secret or region.",
        examples=("check --profile staging --timeout 30",),
    )
