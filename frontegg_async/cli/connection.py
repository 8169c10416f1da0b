"""The environment that a command works on: options, and below them a profile or the variables, never both."""

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
"""The variables that may have the secret; with ``_FILE`` at the end they name a file with it."""

SETTINGS: Final = ("client_id", "region", "base_url", "domain", "environment_id", "environment")
"""The settings that are text; each has a variable and a key of a profile, and all but the last an option."""

PLACES: Final = ("region", "base_url", "domain", "environment_id")
"""The settings that say where requests go."""

_PRODUCTION: Final = re.compile(r"(?i)(?:^|[^a-z])prod(?:uction)?(?:$|[^a-z])")


@attrs.frozen(kw_only=True)
class Connection:
    """The settings in use, and where each comes from."""

    profile: str | None
    """The profile that some of them come from."""
    client_id: str | None
    region: str | None
    base_url: str | None
    domain: str | None
    environment_id: str | None
    environment: str
    """What people call the environment; its address if nobody has named it."""
    is_named: bool
    """Whether a profile or a variable names it."""
    production: bool
    """Whether the environment says that it is production."""
    read_only: str | None
    """Where it is set that writes are refused; ``None`` if they are not."""
    allow_http: bool
    secret: Secret | None = attrs.field(repr=False)
    sources: Mapping[str, str]
    """Where each setting comes from, by its name."""
    warnings: tuple[str, ...] = ()
    """What a person must know before the settings are used, also one who asked for quiet."""
    advice: str = ""
    """Why the default profile is not used, if that is not plain."""

    def needed(self) -> tuple[str, Secret]:
        """Return client id and secret.

        Raises:
            CommandError: One of them is missing.
        """
        advice = self.advice or (
            "'frontegg login' stores a profile, and 'frontegg profiles use' chooses one; or set FRONTEGG_CLIENT_ID and "
            "FRONTEGG_SECRET_KEY."
        )
        if self.client_id is None:
            raise CommandError("no client id is set, and no profile is chosen", ExitCode.USAGE, advice)
        if self.secret is None:
            if self.is_option("client_id"):
                advice = "--secret-file reads it; a profile and variables have the secrets of their own client ids."
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
    """The one source below the options."""

    values: Mapping[str, str | None]
    """The settings by their names."""
    label: str
    """What the source of a setting is called; ``{}`` is the name of the setting."""
    secret: Callable[[], tuple[Secret, str] | None]
    """Returns the secret, and where it comes from."""
    profile: Profile | None = None
    """The profile, if it is one."""

    def name_of(self, values: Mapping[str, str | None], given: Mapping[str, str | None]) -> str | None:
        """Return what people call the environment; ``None`` if nobody said, or options lead to another one."""
        for name, value in given.items():
            mine = self.values[name]
            if value not in (None, mine) and (self.profile is not None or mine is not None):
                return None
        return values["environment"] or (None if self.profile is None else self.profile.name)


def exported(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the variables that are set and choose an environment: by a host, an id or a secret.

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
    """Return the settings: the options, and below them those of one source.

    The source is the profile that is named; without one the variables, if any of them chooses an environment; else the
    default profile, unless an option has a client id. Sources are never mixed: the id and secret of one environment
    would be sent to the host of another.

    Args:
        given: The options, by the names of settings.
        secret_file: The file of ``--secret-file``.
        environ: The variables.
        profiles: The profiles of the user; ``None`` to use none.
        profile: The name of the profile that is named.

    Raises:
        CommandError: An option is empty, the profile does not exist, or a secret cannot be read.
    """
    for name, value in given.items():
        if value == "":  # as of a variable that is not set: another environment would be used
            raise CommandError(f"--{name.replace('_', '-')} must not be empty", ExitCode.USAGE)
    wanted = profile
    if profiles is not None and not wanted and not given.get("client_id") and not exported(environ):
        wanted = profiles.default
    source = _variables(environ) if profiles is None or wanted is None else _stored(profiles, wanted)
    values, sources = _laid_over(source, given)
    found: tuple[Secret, str] | None = None
    if secret_file is not None:
        found = read_secret(secret_file), "--secret-file"
    elif source.values["client_id"] in (None, values["client_id"]):  # otherwise its secret is that of another id
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
        **{**values, "environment": environment},  # type: ignore[arg-type]  # as they are named
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
    """Return the settings of a source with options over them, and where each comes from."""
    values = dict(source.values)
    if _has_address(given):  # which replaces that of the source as a whole
        values["region"] = values["base_url"] = None
    sources = {name: source.label.format(name.upper()) for name, value in values.items() if value}
    for name, value in given.items():
        if value is not None:
            values[name], sources[name] = value, f"--{name.replace('_', '-')}"
    return values, sources


def _read_only(source: _Source, environ: Mapping[str, str]) -> str | None:
    """Return where it is set that writes are refused: a variable says so for any environment."""
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
    """Yield which variables are ignored, and whether options are mixed with another source."""
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
        yield f"the settings are from different sources, and may be of different environments: {origins}"


def _why_no_profile(environ: Mapping[str, str]) -> str:
    """Return why the default profile is not used, if variables are the cause."""
    names = exported(environ)
    if not names:
        return ""
    return (
        f"The default profile is not used, since {', '.join(names)} {'is' if len(names) == 1 else 'are'} set: "
        "name a profile by --profile, or set FRONTEGG_CLIENT_ID and FRONTEGG_SECRET_KEY."
    )


def is_production_name(name: str) -> bool:
    """Return whether the name of an environment says that it is production.

    Args:
        name: The name.
    """
    return _PRODUCTION.search(name) is not None


def _is_production(profile: Profile | None) -> bool:
    """Return whether a profile is production: it says so, or is called so, also where its environment has a name."""
    return profile is not None and (profile.production or is_production_name(profile.name))


def _secret(environ: Mapping[str, str]) -> tuple[Secret, str] | None:
    """Return the secret of a variable, and its name."""
    for name in SECRETS:
        if environ.get(name):
            return Secret(environ[name]), name
        path = environ.get(f"{name}_FILE")
        if path:
            return read_secret(Path(path)), f"{name}_FILE"
    return None


def _address(values: Mapping[str, str | None]) -> str:
    """Return what to call an environment that nobody named."""
    base_url = values["base_url"]
    if base_url is None:
        return f"the region {values['region'] or 'eu'}"
    return without_secrets(base_url).partition("://")[2] or without_secrets(base_url)


def without_secrets(address: str) -> str:
    """Return an address as it is shown: it may have a password by mistake, which the client refuses only later.

    Args:
        address: The address.
    """
    return re.sub(r"[?#].*", "?(hidden)", re.sub(r"//[^/]*@", "//(hidden)@", address), flags=re.DOTALL)
