"""The environment that a command works on: flags, then environment variables, then a profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
"""The settings that are text; each has a flag, a variable and a key of a profile."""

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
    """What people call the environment."""
    production: bool
    """Whether the environment says that it is production."""
    allow_http: bool
    secret: Secret | None = attrs.field(repr=False)
    sources: Mapping[str, str]
    """Where each setting comes from, by its name."""

    def needed(self) -> tuple[str, Secret]:
        """Return client id and secret.

        Raises:
            CommandError: One of them is missing.
        """
        advice = (
            "'frontegg login' stores a profile, and 'frontegg profiles use' chooses one; or set FRONTEGG_CLIENT_ID and "
            "FRONTEGG_SECRET_KEY."
        )
        if self.client_id is None:
            raise CommandError("no client id is set, and no profile is chosen", ExitCode.USAGE, advice)
        if self.secret is None:
            raise CommandError("no secret is set for the client id", ExitCode.USAGE, advice)
        return self.client_id, self.secret


def resolve(
    given: Mapping[str, str | None],
    *,
    secret_file: Path | None,
    environ: Mapping[str, str],
    profiles: Profiles | None = None,
    profile: str | None = None,
) -> Connection:
    """Return the settings: those of flags win over variables, and these over the profile.

    A profile that nobody named is left out when the client id comes from elsewhere: its address and its secret belong
    to another environment.

    Args:
        given: The flags, by the names of settings.
        secret_file: The file of ``--secret-file``.
        environ: The variables.
        profiles: The profiles of the user; ``None`` to use none.
        profile: The name of the profile that was asked for.

    Raises:
        CommandError: The profile does not exist, or a secret cannot be read.
    """
    variables = {name: environ.get(f"FRONTEGG_{name.upper()}") or None for name in SETTINGS}
    client_id = given.get("client_id") or variables["client_id"]
    chosen: Profile | None = None
    wanted = None if profiles is None else profile or (None if client_id else profiles.default)
    if profiles is not None and wanted is not None:
        chosen = profiles.get(wanted)
    stored = {name: None if chosen is None else getattr(chosen, name) for name in SETTINGS}
    label = "" if chosen is None else f"profile {chosen.name}"
    values: dict[str, str | None] = dict.fromkeys(SETTINGS)
    sources: dict[str, str] = {}
    for layer, source in ((stored, label), (variables, "FRONTEGG_{}"), (dict(given), "--{}")):
        if layer.get("region") or layer.get("base_url"):  # an address replaces that of a lower layer as a whole
            values["region"] = values["base_url"] = None
            sources.pop("region", None)
            sources.pop("base_url", None)
        for name in SETTINGS:
            if layer.get(name):
                shown = name.replace("_", "-") if source.startswith("--") else name.upper()
                values[name], sources[name] = layer[name], source.format(shown)
    found = _secret(secret_file, environ)
    is_own = chosen is not None and values["client_id"] == chosen.client_id
    if found is None and profiles is not None and chosen is not None and is_own:
        found = (profiles.secret_of(chosen), f"{label}, {'keyring' if chosen.in_keyring else 'file'}")
    if found is not None:
        sources["secret"] = found[1]
    named = variables["environment"] or ((chosen.environment or chosen.name) if chosen is not None and is_own else None)
    if named is None:
        sources.pop("environment", None)
    environment = named or _address(values)
    return Connection(
        profile=None if chosen is None else chosen.name,
        **{**values, "environment": environment},  # type: ignore[arg-type]  # as they are named
        production=(chosen is not None and chosen.production) or bool(_PRODUCTION.search(environment)),
        allow_http=(chosen is not None and chosen.allow_http) or environ.get("FRONTEGG_ALLOW_HTTP") == "1",
        secret=None if found is None else found[0],
        sources=sources,
    )


def _secret(secret_file: Path | None, environ: Mapping[str, str]) -> tuple[Secret, str] | None:
    """Return the secret of a flag or a variable, and where it comes from."""
    if secret_file is not None:
        return read_secret(secret_file), "--secret-file"
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
