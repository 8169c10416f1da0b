"""The settings of a command: options, completed by either a profile or the environment variables, never by both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

from frontegg_async._values.secret import Secret
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.profiles import Profile, Profiles
from frontegg_async.cli.secret_files import read_secret

SECRETS: Final = ("FRONTEGG_SECRET_KEY", "FRONTEGG_API_KEY", "FRONTEGG_SECRET")
"""The environment variables with the secret. With the suffix ``_FILE``, a variable names a file with the secret."""

SETTINGS: Final = ("client_id", "region", "base_url", "domain", "environment_id", "environment")
"""The text settings. Each has an environment variable and a key in profiles. All but the last have an option."""

PLACES: Final = ("region", "base_url", "domain", "environment_id")
"""The settings that select the address of requests."""

_PRODUCTION: Final = re.compile(r"(?i)(?:^|[^a-z])prod(?:uction)?(?:$|[^a-z])")


@attrs.frozen(kw_only=True)
class Connection:
    """The settings in use, and the source of each setting."""

    profile: str | None
    """The name of the profile that is in use, if any."""
    client_id: str | None
    region: str | None
    base_url: str | None
    domain: str | None
    environment_id: str | None
    environment: str
    """The name of the environment for people. Without a name, the address of the service."""
    is_named: bool
    """Whether a profile or a variable names the environment."""
    production: bool
    """Whether the settings say that the environment is production."""
    read_only: str | None
    """The setting that refuses writes; ``None`` if writes are allowed."""
    allow_http: bool
    secret: Secret | None = attrs.field(repr=False)
    sources: Mapping[str, str]
    """The source of each setting, by the name of the setting."""
    warnings: tuple[str, ...] = ()
    """Warnings about the settings. They are shown even with ``--quiet``."""
    advice: str = ""
    """The reason why the default profile is not used; empty if the reason is obvious."""

    def needed(self) -> tuple[str, Secret]:
        """Return the client id and the secret.

        Raises:
            CommandError: The client id or the secret is missing.
        """
        advice = self.advice or (
            "'frontegg login' stores a profile, and 'frontegg profiles use' chooses a profile. Or set "
            "FRONTEGG_CLIENT_ID and FRONTEGG_SECRET_KEY."
        )
        if self.client_id is None:
            raise CommandError("no client id is set, and no profile is chosen", ExitCode.USAGE, advice)
        if self.secret is None:
            if self.is_option("client_id"):
                advice = "Give --secret-file. The secrets of profiles and variables belong to other client ids."
            raise CommandError("no secret is set for the client id", ExitCode.USAGE, advice)
        return self.client_id, self.secret

    def is_option(self, name: str) -> bool:
        """Return whether a setting comes from an option.

        Args:
            name: The name of the setting.
        """
        return self.sources.get(name, "").startswith("--")


@attrs.frozen
class _Source:
    """The source of the settings that no option gives: a profile or the variables."""

    values: Mapping[str, str | None]
    """The settings, by name."""
    label: str
    """The label of the source of a setting; ``{}`` stands for the name of the setting."""
    secret: Callable[[], tuple[Secret, str] | None]
    """A function that returns the secret and its source."""
    profile: Profile | None = None
    """The profile; ``None`` if the source is the variables."""

    def name_of(self, values: Mapping[str, str | None], given: Mapping[str, str | None]) -> str | None:
        """Return the name of the environment; ``None`` without a name, or if options select another environment."""
        for name, value in given.items():
            mine = self.values[name]
            if value not in (None, mine) and (self.profile is not None or mine is not None):
                return None
        return values["environment"] or (None if self.profile is None else self.profile.name)


def exported(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the variables that are set and select an environment by a host, an id or a secret.

    Args:
        environ: The variables.
    """
    settings = (f"FRONTEGG_{name.upper()}" for name in SETTINGS if name != "environment")
    secrets = (f"{name}{suffix}" for name in SECRETS for suffix in ("", "_FILE"))
    return tuple(name for name in (*settings, *secrets) if environ.get(name))


def resolve(
    given: Mapping[str, str | None],
    *,
    secret_file: Path | None,
    environ: Mapping[str, str],
    profiles: Profiles | None = None,
    profile: str | None = None,
) -> Connection:
    """Return the settings: the options, completed from one other source.

    The other source is the first of these that applies:

    1. The named profile.
    2. The default profile, unless an option gives a client id or a variable selects an environment.
    3. The environment variables.

    Profiles and variables are never mixed, since the secret of one environment could reach the host of another.

    Args:
        given: The options, by the name of the setting.
        secret_file: The file of ``--secret-file``.
        environ: The variables.
        profiles: The profiles of the user; ``None`` to use no profile.
        profile: The name of the profile.

    Raises:
        CommandError: An option is empty, the profile does not exist, or a secret cannot be read.
    """
    for name, value in given.items():
        if value == "":  # for example an unset variable of the shell: the command would use another environment
            raise CommandError(f"--{name.replace('_', '-')} must not be empty", ExitCode.USAGE)
    wanted = profile
    if profiles is not None and not wanted and not given.get("client_id") and not exported(environ):
        wanted = profiles.default
    source = _variables(environ) if profiles is None or wanted is None else _stored(profiles, wanted)
    values, sources = _laid_over(source, given)
    found: tuple[Secret, str] | None = None
    if secret_file is not None:
        found = read_secret(secret_file), "--secret-file"
    elif source.values["client_id"] in (None, values["client_id"]):  # otherwise the secret belongs to another client id
        found = source.secret()
    if found is not None:
        sources["secret"] = found[1]
    called = source.name_of(values, given)
    if called is None:
        sources.pop("environment", None)
    environment = called or _address(values)
    allows_http = source.profile is not None and source.profile.allow_http and not _has_address(given)
    connection = Connection(
        profile=None if source.profile is None else source.profile.name,
        **{**values, "environment": environment},  # type: ignore[arg-type]  # the keys are the names of the fields
        is_named=called is not None,
        production=is_production_name(environment) or _is_production(source.profile),
        read_only=_read_only(source, environ),
        allow_http=allows_http or environ.get("FRONTEGG_ALLOW_HTTP") == "1",
        secret=None if found is None else found[0],
        sources=sources,
        advice=_why_no_profile(environ) if source.profile is None else "",
    )
    return attrs.evolve(connection, warnings=tuple(_warnings(connection, source, environ)))


def _laid_over(source: _Source, given: Mapping[str, str | None]) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return the settings of a source, overridden by options, and the source of each setting."""
    values = dict(source.values)
    if _has_address(given):  # the options replace the whole address of the source
        values["region"] = values["base_url"] = None
    sources = {name: source.label.format(name.upper()) for name, value in values.items() if value}
    for name, value in given.items():
        if value is not None:
            values[name], sources[name] = value, f"--{name.replace('_', '-')}"
    return values, sources


def _read_only(source: _Source, environ: Mapping[str, str]) -> str | None:
    """Return the setting that refuses writes, if any. ``FRONTEGG_READ_ONLY`` applies to every environment."""
    value = environ.get("FRONTEGG_READ_ONLY") or "0"
    if value not in ("0", "1"):
        raise CommandError("FRONTEGG_READ_ONLY must be 1 or 0", ExitCode.USAGE)
    if source.profile is not None and source.profile.read_only:
        return f"the profile {source.profile.name!r}"
    return "FRONTEGG_READ_ONLY" if value == "1" else None


def _has_address(values: Mapping[str, str | None]) -> bool:
    return bool(values.get("region") or values.get("base_url"))


def _variables(environ: Mapping[str, str]) -> _Source:
    values = {name: environ.get(f"FRONTEGG_{name.upper()}") or None for name in SETTINGS}
    return _Source(values, "FRONTEGG_{}", lambda: _secret(environ))


def _stored(profiles: Profiles, name: str) -> _Source:
    chosen = profiles.get(name)
    label = f"profile {chosen.name}"
    place = f"{label}, {'keyring' if chosen.in_keyring else 'file'}"
    values = {name: getattr(chosen, name) for name in SETTINGS}
    return _Source(values, label, lambda: (profiles.secret_of(chosen), place), chosen)


def _warnings(connection: Connection, source: _Source, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield warnings about ignored variables, and about options that are combined with a profile or with variables."""
    if source.profile is not None:
        ignored = [*exported(environ), *(["FRONTEGG_ENVIRONMENT"] if environ.get("FRONTEGG_ENVIRONMENT") else [])]
        if ignored:
            one = len(ignored) == 1
            yield (
                f"{', '.join(ignored)} {'is' if one else 'are'} set, and ignored: "
                f"the settings are those of the profile {source.profile.name!r}"
            )
    mixed = [name for name in ("client_id", "secret", *PLACES) if name in connection.sources]
    if {"client_id", "secret"} <= {*mixed} and len({*map(connection.is_option, mixed)}) > 1:
        origins = ", ".join(f"{name} from {connection.sources[name]}" for name in mixed)
        yield f"the settings are from different sources, and may belong to different environments: {origins}"


def _why_no_profile(environ: Mapping[str, str]) -> str:
    """Return the reason why the default profile is not used, if variables are the reason."""
    names = exported(environ)
    if not names:
        return ""
    return (
        f"The default profile is not used, since {', '.join(names)} {'is' if len(names) == 1 else 'are'} set: "
        "name a profile by --profile, or set FRONTEGG_CLIENT_ID and FRONTEGG_SECRET_KEY."
    )


def is_production_name(name: str) -> bool:
    """Return whether the name of an environment is a usual name for production.

    Args:
        name: The name.
    """
    return _PRODUCTION.search(name) is not None


def _is_production(profile: Profile | None) -> bool:
    """Return whether a profile is marked as production, or has a usual name for production."""
    return profile is not None and (profile.production or is_production_name(profile.name))


def _secret(environ: Mapping[str, str]) -> tuple[Secret, str] | None:
    """Return the secret of a variable, and the name of the variable."""
    for name in SECRETS:
        if environ.get(name):
            return Secret(environ[name]), name
        path = environ.get(f"{name}_FILE")
        if path:
            return read_secret(Path(path)), f"{name}_FILE"
    return None


def _address(values: Mapping[str, str | None]) -> str:
    """Return a label for an environment without a name."""
    base_url = values["base_url"]
    if base_url is None:
        return f"the region {values['region'] or 'eu'}"
    return without_secrets(base_url).partition("://")[2] or without_secrets(base_url)


def without_secrets(address: str) -> str:
    """Return an address without user, password, query and fragment, for output.

    Args:
        address: The address.
    """
    return re.sub(r"[?#].*", "?(hidden)", re.sub(r"//[^/]*@", "//(hidden)@", address), flags=re.DOTALL)
