"""Row 44: a command works on the environment that is named, whatever options, variables and profiles there are."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

from frontegg_async import cli
from frontegg_async._values.secret import Secret
from frontegg_async.cli.connection import SECRETS
from frontegg_async.cli.failures import CommandError
from frontegg_async.cli.profiles import Profile, Profiles
from frontegg_async.cli.session import Session
from frontegg_async.emulator import Emulator
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.acceptance.scoreboard.row import Finding, Row, Setting

_SAMPLE: Final = 12_000
"""Combinations that are resolved in the short form; the long one has all of them."""

_COMMANDS: Final = 60
_COMMANDS_IN_FULL: Final = 200
_PROCESSES_IN_FULL: Final = 40

_OWNERS: Final = ("a", "b")
_EITHER: Final = (None, "a", "b")
_WAYS: Final = (None, *itertools.product(("--profile", "FRONTEGG_PROFILE"), _OWNERS))
"""How a profile is named, and which."""

_SETTINGS: Final = ("client_id", "secret", "base_url", "environment_id")
_OPTIONS: Final = ("--client-id", "--secret-file", "--base-url", "--environment-id")

Owners = tuple[str | None, str | None, str | None, str | None]
"""Whose client id, secret, address and environment id are given."""


@attrs.frozen
class Combination:
    """What is given on a command line, in variables and in profiles."""

    named: tuple[str, str] | None
    default: str | None
    variables: Owners
    options: Owners
    quiet: bool
    number: int


@attrs.frozen
class Expected:
    """What a combination has to lead to.

    Args:
        owners: Whose settings are used; ``None`` if a command has to be refused.
        is_told: Whether a line says that sources are mixed.
        ignored: Whether a line says that variables are ignored.
    """

    owners: Owners | None
    is_told: bool = False
    ignored: bool = False


_GIVEN: Final = tuple(itertools.product(_EITHER, repeat=len(_SETTINGS)))
_TOTAL: Final = len(_WAYS) * len(_EITHER) * len(_GIVEN) ** 2 * 2


def _combination(number: int) -> Combination:
    """Return one of all combinations."""
    rest, quiet = divmod(number, 2)
    rest, options = divmod(rest, len(_GIVEN))
    rest, variables = divmod(rest, len(_GIVEN))
    named, default = divmod(rest, len(_EITHER))
    return Combination(_WAYS[named], _EITHER[default], _GIVEN[variables], _GIVEN[options], quiet == 1, number)  # type: ignore[arg-type]  # of four


def expected_of(combination: Combination) -> Expected:
    """Return what has to happen: options, and below them the named profile, the variables, or the default one."""
    options, variables = combination.options, combination.variables
    below: Owners
    if combination.named is not None:
        below = (combination.named[1],) * 4
    elif any(variables) or options[0] is not None:
        below = variables
    else:
        below = (combination.default,) * 4
    if options[0] not in (None, below[0]) and below[0] is not None:
        below = (below[0], None, *below[2:])  # the secret of another client id
    used = (options[0] or below[0], options[1] or below[1], options[2] or below[2], options[3] or below[3])
    is_ignored = combination.named is not None and any(variables)
    if used[0] is None or used[1] is None:
        return Expected(None, ignored=is_ignored)
    sources = {option is not None for option, owner in zip(options, used, strict=True) if owner is not None}
    return Expected(used, is_told=len(sources) > 1, ignored=is_ignored)


@attrs.frozen
class World:
    """Two environments, each on a server of its own, and the directories of settings.

    Each server has an environment with the credential of the other too, which records what should not come.

    Args:
        servers: The servers by the names of the environments.
        others: The environment with the other's credential, by the name of the server.
        directory: Has files with secrets, and a directory of settings for each default profile.
    """

    servers: Mapping[str, EmulatorHandle]
    others: Mapping[str, EmulatorHandle]
    directory: Path

    def environ(self, given: Combination) -> dict[str, str]:
        """Return the variables of a combination."""
        secret = SECRETS[given.number % len(SECRETS)]
        names = ["FRONTEGG_CLIENT_ID", secret, "FRONTEGG_BASE_URL", "FRONTEGG_ENVIRONMENT_ID"]
        values = [self._value(setting, owner) for setting, owner in zip(_SETTINGS, given.variables, strict=True)]
        if given.number % 2:
            names[1], values[1] = f"{secret}_FILE", self._file(given.variables[1])
        found = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        if given.named is not None and given.named[0] == "FRONTEGG_PROFILE":
            found["FRONTEGG_PROFILE"] = given.named[1]
        return {**found, "FRONTEGG_CONFIG_DIR": str(self.directory / f"default-{given.default}")}

    def flags(self, given: Combination) -> list[str]:
        """Return the options of a combination."""
        values = [self._value(setting, owner) for setting, owner in zip(_SETTINGS, given.options, strict=True)]
        values[1] = self._file(given.options[1])
        named = given.named if given.named is not None and given.named[0] == "--profile" else None
        flags = [*zip(_OPTIONS, values, strict=True), ("--profile", named and named[1])]
        return [part for flag, value in flags if value is not None for part in (flag, value)] + ["-q"] * given.quiet

    def owners_of(self, session: Session) -> Owners:
        """Return whose settings a session uses."""
        found = session.connection
        values = (found.client_id, found.secret and found.secret.reveal(), found.base_url, found.environment_id)
        owners = (
            next((owner for owner in _OWNERS if value == self._value(setting, owner)), value and "nobody")
            for setting, value in zip(_SETTINGS, values, strict=True)
        )
        first, second, third, fourth = owners
        return first, second, third, fourth

    def session(self, given: Combination) -> Session:
        """Return the session of a command line with the options of a combination."""
        values = [self._value(setting, owner) for setting, owner in zip(_SETTINGS, given.options, strict=True)]
        secret = self._file(given.options[1])
        named = given.named[1] if given.named is not None and given.named[0] == "--profile" else None
        return Session(
            profile=named,
            client_id=values[0],
            secret_file=None if secret is None else Path(secret),
            base_url=values[2],
            environment_id=values[3],
            quiet=given.quiet,
        )

    def clear(self) -> None:
        """Forget what was received."""
        for handle in (*self.servers.values(), *self.others.values()):
            handle.clear_journal()

    def received(self) -> set[tuple[str, str]]:
        """Return which servers received anything, each with the owner of the client id."""
        of_others = {"a": "b", "b": "a"}
        own = {(owner, owner) for owner, handle in self.servers.items() if handle.journal()}
        return own | {(owner, of_others[owner]) for owner, handle in self.others.items() if handle.journal()}

    def _value(self, setting: str, owner: str | None) -> str | None:
        if owner is None:
            return None
        server = self.servers[owner]
        values = {"client_id": server.client_id, "secret": server.secret, "base_url": server.url}
        return values.get(setting, f"environment-{owner}")

    def _file(self, owner: str | None) -> str | None:
        return None if owner is None else str(self.directory / f"secret-{owner}")


@contextlib.contextmanager
def _world() -> Iterator[World]:
    with Emulator() as first, Emulator() as second, tempfile.TemporaryDirectory() as directory:
        made = (first.create_environment(), second.create_environment())
        servers = dict(zip(_OWNERS, made, strict=True))
        others = {
            "a": first.create_environment(client_id=made[1].client_id, secret=made[1].secret),
            "b": second.create_environment(client_id=made[0].client_id, secret=made[0].secret),
        }
        path = Path(directory)
        for owner, server in servers.items():
            (path / f"secret-{owner}").write_text(server.secret, encoding="utf-8")
        for default in _EITHER:
            profiles = Profiles(path / f"default-{default}")
            for owner in sorted(_OWNERS, key=lambda owner: owner != default):  # the first one is the default
                server = servers[owner]
                profile = Profile(
                    name=owner,
                    client_id=server.client_id,
                    base_url=server.url,
                    environment_id=f"environment-{owner}",
                )
                profiles.put(profile, Secret(server.secret), "file")
            if default is None:
                profiles.put(attrs.evolve(profiles.get("a"), name="temporary"), Secret("none"), "file")
                profiles.use("temporary")
                profiles.remove("temporary")
        yield World(servers, others, path)


@contextlib.contextmanager
def _variables(values: Mapping[str, str]) -> Iterator[io.StringIO]:
    """Let these be the variables of this process that the command line knows, and yield what is said."""
    for name in [name for name in os.environ if name.startswith("FRONTEGG_")]:
        del os.environ[name]
    os.environ.update(values)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        yield said


def _wrong_lines(expected: Expected, said: str) -> list[str]:
    wrong = []
    if expected.ignored != ("and ignored: the settings are those of the profile" in said):
        wrong.append("ignored variables are not told" if expected.ignored else "nothing was ignored")
    if expected.is_told and "the settings are from different sources" not in said:
        wrong.append("sources are mixed silently")
    return wrong


def _resolve(world: World, given: Combination) -> list[str]:
    """Return what is wrong with the settings that a combination leads to."""
    expected = expected_of(given)
    with _variables(world.environ(given)) as said:
        session = world.session(given)
        owners: Owners | None = world.owners_of(session)
        try:
            session.connection.needed()
        except CommandError:
            owners = None
    wrong = _wrong_lines(expected, said.getvalue())
    return wrong if owners == expected.owners else [*wrong, f"{owners} are used and not {expected.owners}"]


def _run(world: World, given: Combination, *, as_process: bool) -> list[str]:
    """Return what is wrong with the requests of a command that a combination leads to."""
    expected = expected_of(given)
    command = ["tenants", "create", "--name", "N", *world.flags(given)]
    world.clear()
    environ = world.environ(given)
    if as_process:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("FRONTEGG_")}
        line = [sys.executable, "-m", "frontegg_async", *command]
        ended = subprocess.run(line, env={**clean, **environ}, capture_output=True, encoding="utf-8", check=False)
        text = ended.stderr
    else:
        with _variables(environ) as said:
            cli.run(command)
        text = said.getvalue()
    owners = expected.owners
    allowed = set() if owners is None else {(str(owners[2]), str(owners[0]))}
    is_refused = owners is None or owners[0] != owners[1]  # an authentication that fails is in no journal
    wrong = _wrong_lines(expected, text)
    received = world.received()
    if received == allowed or (is_refused and not received):
        return wrong
    return [*wrong, f"{received or 'nobody'} received requests and not {allowed}"]


def _is_local(given: Combination) -> bool:
    """Return whether a command has an address, or is refused: otherwise it would call that of a region."""
    owners = expected_of(given).owners
    return owners is None or owners[2] is not None


def _is_sent(given: Combination) -> bool:
    owners = expected_of(given).owners
    return owners is not None and owners[0] == owners[1] and owners[2] is not None


def _measure(setting: Setting) -> Finding:
    rng = setting.rng("settings")
    chosen = [*map(_combination, range(_TOTAL) if setting.full else rng.sample(range(_TOTAL), _SAMPLE))]
    number = _COMMANDS_IN_FULL if setting.full else _COMMANDS
    sent = rng.sample([given for given in chosen if _is_sent(given)], number // 2)
    run = sent + rng.sample([given for given in chosen if _is_local(given)], number // 2)
    processes = run[:: len(run) // _PROCESSES_IN_FULL] if setting.full else []
    found = Counter[str]()
    examples: dict[str, Combination] = {}
    with _world() as world:
        measured = [(given, _resolve(world, given)) for given in chosen]
        measured += [(given, _run(world, given, as_process=False)) for given in run]
        measured += [(given, _run(world, given, as_process=True)) for given in processes]
    for given, wrong in measured:
        found.update(wrong)
        examples |= {each: given for each in wrong if each not in examples}
    count = sum(bool(wrong) for _, wrong in measured)
    return Finding(
        figure=f"{count} wrong in {len(chosen):,} of {_TOTAL:,} combinations, {len(run)} commands and "
        f"{len(processes)} processes",
        passed=count == 0,
        details=tuple(f"{number} times: {each}, as in {examples[each]}" for each, number in found.most_common(10)),
    )


async def measure_settings(setting: Setting) -> Finding:
    """Resolve settings, and let two emulators record what commands send."""
    return await asyncio.to_thread(_measure, setting)


ROWS: Final = (
    Row(
        number=44,
        name="mixed-settings",
        title="options, variables and profiles of two environments in every combination, with and without -q",
        target="settings, writes and credentials of another environment than the named one 0; silent mixtures 0",
        measure=measure_settings,
        starred=True,
    ),
)
