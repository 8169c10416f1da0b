"""Profiles: named settings in a TOML file of the user, and their secrets in the keyring or in files of mode 0600."""

from __future__ import annotations

import json
import os
import queue
import re
import stat
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final, Literal, TypeAlias, TypeVar, cast

import attrs

from frontegg_async._values.secret import Secret
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.secret_files import check_writers, locked, read_secret, write_private

T = TypeVar("T")

Store: TypeAlias = Literal["auto", "keyring", "file"]
"""The place of a secret: ``auto`` is the keyring if it works, and otherwise a file."""

DIRECTORY: Final = "FRONTEGG_CONFIG_DIR"
"""The environment variable with the directory of the profiles, instead of the platform's directory for settings."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.ASCII)
_SERVICE: Final = "frontegg"
_TEXTS: Final = ("client_id", "region", "base_url", "domain", "environment_id", "environment")
_FLAGS: Final = ("production", "read_only", "allow_http", "in_keyring")
_PATIENCE: Final = 30.0
"""Seconds to wait for a keyring: a person may have to unlock it."""


@attrs.frozen(kw_only=True)
class Profile:
    """The settings of one environment, without its secret."""

    name: str
    """The name for ``--profile``."""
    client_id: str
    """The environment's client id."""
    region: str | None = None
    """The region, such as ``us``."""
    base_url: str | None = None
    """The address of the service, instead of a region."""
    domain: str | None = None
    """The environment's sub-domain."""
    environment_id: str | None = None
    """The environment's id, if the credential has several environments."""
    environment: str | None = None
    """The name of the environment for people. The default is the name of the profile."""
    production: bool = False
    """Whether the environment is production. If so, a person types its name before something is destroyed."""
    read_only: bool = False
    """Whether writes are refused."""
    allow_http: bool = False
    """Whether ``http`` is allowed beyond loopback, for an emulator."""
    in_keyring: bool = False
    """Whether the secret is in the keyring instead of a file."""


def check_name(name: str) -> str:
    """Check the name of a profile, and return the name.

    Raises:
        CommandError: The name cannot be the name of a file on every platform.
    """
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise CommandError(
            f"the name of a profile must be 1 to 63 characters of a-z, 0-9, '.', '_' and '-', not {name!r}",
            ExitCode.USAGE,
        )
    return name


def entry_of(profile: Profile) -> str:
    """Return the name under which the secret of a profile is stored. Each client id and address has another name.

    Thus a secret never goes to the host of another environment, even if two logins write the same profile at once.

    Args:
        profile: The profile.
    """
    import hashlib  # noqa: PLC0415 - help does not need it

    place = [profile.client_id, profile.base_url or profile.region or "eu"]
    return f"{profile.name}@{hashlib.sha256(json.dumps(place).encode()).hexdigest()[:16]}"


class Profiles:
    """The profiles of a user.

    Args:
        directory: The directory of the profiles. The default is ``FRONTEGG_CONFIG_DIR``, or the platform's directory
            of settings.
        patience: Seconds to wait for a keyring.
    """

    def __init__(self, directory: Path | None = None, patience: float = _PATIENCE) -> None:
        self._directory = _directory() if directory is None else directory
        self._patience = patience
        self._path = self._directory / "profiles.toml"
        self._default: str | None = None
        self._profiles: dict[str, Profile] = {}
        self._read()

    @property
    def path(self) -> Path:
        """The file with the settings."""
        return self._path

    @property
    def default(self) -> str | None:
        """The name of the default profile."""
        return self._default

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the profiles, in order."""
        return tuple(sorted(self._profiles))

    def get(self, name: str) -> Profile:
        """Return a profile.

        Raises:
            CommandError: The profile does not exist.
        """
        found = self.find(check_name(name))
        if found is None:
            raise CommandError(
                f"there is no profile {name!r}",
                ExitCode.USAGE,
                f"'frontegg login --profile {name}' creates the profile.",
            )
        return found

    def find(self, name: str) -> Profile | None:
        """Return a profile, or ``None`` if it does not exist."""
        return self._profiles.get(name)

    def put(self, profile: Profile, secret: Secret, store: Store) -> Profile:
        """Store a profile with its secret, and return the profile with the place of the secret.

        The first profile becomes the default.

        Raises:
            CommandError: ``store`` is ``keyring``, and the keyring does not work.
        """
        check_name(profile.name)
        with self._changing():
            before = self.find(profile.name)
            entry = entry_of(profile)
            kept = self._keep_in_keyring(entry, secret) if store != "file" else "a file was asked for"
            if kept is not None and store == "keyring":
                raise CommandError(
                    f"the keyring does not work: {kept}", advice="--secret-store file keeps the secret in a file."
                )
            if kept is not None:
                write_private(self._secret_path(entry), secret.reveal())
            stored = attrs.evolve(profile, in_keyring=kept is None)
            try:
                self._profiles[profile.name] = stored
                self._default = self._default or profile.name
                self._write()
            except BaseException:
                if before is None or (entry_of(before), before.in_keyring) != (entry, stored.in_keyring):
                    self._forget(stored)
                raise
            self._forget_files(profile.name, None if stored.in_keyring else entry)
            if before is not None and before.in_keyring:
                self._forget_in_keyring(before.name)
                if (entry_of(before), True) != (entry, stored.in_keyring):
                    self._forget_in_keyring(entry_of(before))
        return stored

    def use(self, name: str) -> None:
        """Make a profile the default.

        Raises:
            CommandError: The profile does not exist.
        """
        self.get(name)
        with self._changing():
            self._default = self.get(name).name
            self._write()

    def remove(self, name: str) -> bool:
        """Remove a profile and its secret. Return ``False`` if the keyring did not remove the secret.

        Raises:
            CommandError: The profile does not exist.
        """
        self.get(name)
        with self._changing():
            profile = self._profiles.pop(self.get(name).name)
            if self._default == name:
                self._default = None  # a person chooses the next default
            self._write()
            self._forget_files(name, None)
            entries = (entry_of(profile), name) if profile.in_keyring else ()
            return all(self._forget_in_keyring(entry) for entry in entries)

    @contextmanager
    def _changing(self) -> Generator[None]:
        """Lock the profiles, and read them again, so that the block changes the latest version."""
        with locked(self._directory / "profiles.lock"):
            self._read()
            yield

    def secret_of(self, profile: Profile) -> Secret:
        """Return the secret of a profile.

        Raises:
            CommandError: The secret is gone, other users may read its file, or the keyring does not work.
        """
        found: str | None = None
        for entry in (entry_of(profile), profile.name):  # version 0.2.0 used only the name of the profile
            if not found:
                found = self._from_keyring(profile, entry) if profile.in_keyring else self._from_file(entry)
        if not found:
            place = "keyring" if profile.in_keyring else "file"
            raise CommandError(
                f"the secret of the profile {profile.name!r} is not in its {place}",
                ExitCode.USAGE,
                f"'frontegg login --profile {profile.name}' stores the secret again.",
            )
        return Secret(found)

    def _secret_path(self, entry: str) -> Path:
        return self._directory / "secrets" / f"profile-{entry}"  # the prefix avoids reserved names, such as nul

    def _from_file(self, entry: str) -> str | None:
        path = self._secret_path(entry)
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            return None
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise CommandError(f"other users may read {path}", ExitCode.USAGE, f"To forbid this: chmod 600 {path}")
        return read_secret(path).reveal()

    def _forget(self, profile: Profile) -> None:
        """Remove the secret of a profile whose settings could not be written."""
        if profile.in_keyring:
            self._forget_in_keyring(entry_of(profile))
        else:
            self._secret_path(entry_of(profile)).unlink(missing_ok=True)

    def _forget_files(self, name: str, kept: str | None) -> None:
        """Remove the secret files of a profile, including those of killed processes, except the file of one entry."""
        directory = self._directory / "secrets"
        for path in (self._secret_path(name), *directory.glob(f"profile-{name}@*")):
            if kept is None or path != self._secret_path(kept):
                path.unlink(missing_ok=True)

    def _read(self) -> None:
        self._default, self._profiles = None, {}
        for path in (self._directory, self._path, self._directory / "secrets"):
            check_writers(path)
        try:
            text = self._path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return
        except UnicodeDecodeError:
            raise self._broken("it is not UTF-8") from None
        except OSError as error:
            raise self._broken(str(error.strerror)) from None
        import tomllib  # noqa: PLC0415 - help does not need it

        try:
            document = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # tomllib raises ValueError for numbers with too many digits, too
            raise self._broken(str(error)) from None
        default, tables = document.get("default"), document.get("profiles", {})
        if not isinstance(tables, dict) or not isinstance(default, str | None):
            raise self._broken("default must be text, and profiles must be a table")
        for key in document.keys() - {"default", "profiles"}:  # writing the file would lose unknown keys
            raise self._broken(f"{key} is unknown")
        for name, table in cast("dict[str, object]", tables).items():
            self._profiles[name] = self._profile(name, table)
        if default is not None and default not in self._profiles:
            raise self._broken(f"default names no profile: {default!r}")
        self._default = default

    def _profile(self, name: str, table: object) -> Profile:
        if not _NAME.fullmatch(name):
            raise self._broken(f"{name!r} is not a valid name of a profile")
        if not isinstance(table, dict):
            raise self._broken(f"profiles.{name} must be a table")
        values = cast("dict[str, object]", table)
        kinds = {**dict.fromkeys(_TEXTS, str), **dict.fromkeys(_FLAGS, bool)}
        for key, value in values.items():
            if not isinstance(value, kinds.get(key, ())):
                known = (
                    "is unknown" if key not in kinds else f"must be {'text' if kinds[key] is str else 'true or false'}"
                )
                raise self._broken(f"profiles.{name}.{key} {known}")
        if "client_id" not in values:
            raise self._broken(f"profiles.{name} has no client_id")
        return Profile(name=name, **values)  # type: ignore[arg-type]  # the types were checked above

    def _broken(self, why: str) -> CommandError:
        return CommandError(f"{self._path} cannot be used: {why}", ExitCode.USAGE, "Correct the file, or remove it.")

    def _write(self) -> None:
        lines = ["# Written by frontegg login and frontegg profiles. These commands do not keep comments."]
        lines += [] if self._default is None else [f"default = {_toml(self._default)}", ""]
        for name in self.names:
            lines.append(f"[profiles.{_toml(name)}]")
            values = attrs.asdict(self._profiles[name])
            lines += [f"{key} = {_toml(values[key])}" for key in (*_TEXTS, *_FLAGS) if values[key]]
            lines.append("")
        write_private(self._path, "\n".join(lines))

    def _keep_in_keyring(self, entry: str, secret: Secret) -> str | None:
        """Store a secret in the keyring; return the reason if that failed."""

        def keep(keyring: ModuleType) -> bool:
            keyring.set_password(_SERVICE, entry, secret.reveal())
            return bool(keyring.get_password(_SERVICE, entry) == secret.reveal())

        try:
            return None if self._in_keyring(keep) else "it does not store the secret"
        except _KeyringError as failure:
            return str(failure)

    def _from_keyring(self, profile: Profile, entry: str) -> str | None:
        try:
            return self._in_keyring(lambda keyring: cast("str | None", keyring.get_password(_SERVICE, entry)))
        except _KeyringError as failure:
            advice = (
                "Unlock the keyring, or keep the secret in a file: "
                f"'frontegg login --profile {profile.name} --secret-store file'."
            )
            raise CommandError(f"the keyring does not work: {failure}", ExitCode.USAGE, advice) from None

    def _forget_in_keyring(self, entry: str) -> bool:
        """Remove a secret from the keyring; return whether it is gone."""

        def forget(keyring: ModuleType) -> bool:
            if keyring.get_password(_SERVICE, entry) is not None:
                keyring.delete_password(_SERVICE, entry)
            return keyring.get_password(_SERVICE, entry) is None

        try:
            return self._in_keyring(forget)
        except _KeyringError:
            return False

    def _in_keyring(self, use: Callable[[ModuleType], T]) -> T:
        """Call a function with the keyring in a thread, and return its result. A call that hangs stays in its thread.

        Raises:
            _KeyringError: The keyring failed, or did not respond.
        """
        answers = queue.SimpleQueue[T | _KeyringError]()

        def ask() -> None:
            try:
                import keyring  # noqa: PLC0415 - slow to import, and seldom needed

                answers.put(use(keyring))
            except Exception as error:  # noqa: BLE001 - backends may raise any error
                answers.put(_KeyringError(type(error).__name__))

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self._patience)
        except queue.Empty:
            raise _KeyringError(f"it did not answer within {self._patience:g} s") from None
        if isinstance(answer, _KeyringError):
            raise answer
        return answer


class _KeyringError(Exception):
    """The keyring cannot be used. The text has the reason."""


def state_directory() -> Path:
    """Return the directory for files that commands write by default; below ``FRONTEGG_CONFIG_DIR`` if it is set."""
    named = os.environ.get(DIRECTORY)
    if named:
        return Path(named) / "state"
    import platformdirs  # noqa: PLC0415 - not needed otherwise

    return platformdirs.user_state_path("frontegg", appauthor=False)


def _directory() -> Path:
    named = os.environ.get(DIRECTORY)
    if named:
        return Path(named)
    import platformdirs  # noqa: PLC0415 - not needed otherwise

    return platformdirs.user_config_path("frontegg", appauthor=False, roaming=True)


def _toml(value: str | bool) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
