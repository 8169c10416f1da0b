"""Errors about arguments name options and arguments of the command line, and come before anything is sent."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import click
import pytest

from frontegg_async.catalogue.lookups import all_methods
from frontegg_async.catalogue.types import Client, Kind, Method, Parameter
from frontegg_async.cli.command import Argument
from frontegg_async.cli.failures import ExitCode
from frontegg_async.cli.wording import in_commands, in_words
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run

PARAMETERS: Final = (
    Argument("tenant_id", "The account."),
    Argument("group_ids", "The groups.", nargs=-1),
    *(click.Option([flag, name]) for flag, name in (("--domain-name", "domain"), ("--name", "name"))),
    *(click.Option([flag, name]) for flag, name in (("--metadata", "metadata"), ("--email", "email"))),
    click.Option(["--enabled/--no-enabled", "enabled"]),
    click.Option(["--all-tenants/--no-all-tenants", "all_tenants"]),
    *(
        click.Option([flag, name], multiple=True)
        for flag, name in (("--role-id", "role_ids"), ("--role-key", "role_keys"), ("--rule", "rules"))
    ),
)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("give role_ids or role_keys", "give --role-id or --role-key"),
        ("give either role_ids or all_tenants=True", "give either --role-id or --all-tenants"),
        ("all_tenants=False needs tenant_id", "--no-all-tenants needs TENANT_ID"),
        ("enabled must be given, since there is none", "--enabled must be given, since there is none"),
        ("give at least one of name, email and metadata", "give at least one of --name, --email and --metadata"),
        ("domain must be only the name of a domain", "--domain-name must be only the name of a domain"),
        ("group_ids[2] must not be empty", "value 3 of GROUP_IDS must not be empty"),
        ("group_id must not be empty", "GROUP_IDS must not be empty"),
        ("rules[0].conditions must have one", "'conditions' in value 1 of --rule must have one"),
        ("metadata['a'].b[3] must be finite", "'a.b[3]' in --metadata must be finite"),
        ("metadata must be a mapping, not list", "--metadata must be an object, not an array"),
        ("name must not be None", "--name must not be null"),
        ("name must be one of 'email', name", "--name must be one of 'email', name"),
        ("the user has an e-mail address", "the user has an e-mail address"),
    ],
)
def test_names_are_those_of_the_command(message: str, said: str) -> None:
    assert in_words(message, PARAMETERS) == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("roles.ids_of(keys) finds ids", "'frontegg roles ids-of' finds ids"),
        ("users.list(email=...) finds the user", "'frontegg users list' finds the user"),
        ("has the parent is_reseller=True?", "has the parent --is-reseller?"),
        ("no.such(thing) and users.invite_many(users)", "no.such(thing) and users.invite_many(users)"),
    ],
)
def test_hints_name_commands(message: str, said: str) -> None:
    assert in_commands(message) == said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("users change-roles ann --add-role-key Admin", "give either --tenant-id or --all-tenants"),
        ("users assign-roles ann --tenant-id acme", "give --role-id or --role-key"),
        ("tenants delete acme '' --yes", "value 2 of TENANT_IDS must not be empty"),
        ("tenants metadata unset acme plan ..", "value 2 of KEYS must not be '.' or '..'"),
        (
            """users invite acme --email a@b.example --email-metadata '{"a": NaN}'""",
            "'a' in --email-metadata must be a finite number: JSON has no NaN and no infinity",
        ),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    command: str, said: str, run: Run, emulator: EmulatorHandle
) -> None:
    """Also before it is read whether the environment is production, and for all of several values."""
    emulator.clear_journal()
    ran = run(*shlex.split(command))
    assert (ran.code, ran.err) == (2, f"error: {said}\n")
    assert [entry.route for entry in emulator.journal() if entry.route != "auth.authenticate"] == []


def test_a_warning_names_options(run: Run, emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    ran = run("security", "mfa", "set", "acme", "--enforce", "force")
    assert ran.code == 0
    assert "give --all-applications or --app-id; --no-all-applications sets" in ran.err


CLIENTS: Final[tuple[Client, ...]] = ("environment", "user")
METHODS: Final = [each for client in CLIENTS for each in all_methods(client) if each.is_command]
WRONG: Final[Mapping[Kind, Sequence[str]]] = {
    "text": ("",),
    "document": ("",),
    "integer": ("-1",),
    "number": ("-1",),
    "json": (
        "1",
        "[]",
        '{"a": NaN}',
        '{"a": ""}',
        '{"template_key": "x", "conditions": [1]}',
        '{"template_key": "x", "conditions": [{"attribute": "x"}]}',
        '{"template_key": "x", "conditions": [{"attribute": "x", "op": "in_list", "values": []}]}',
    ),
}
PYTHON: Final = re.compile(
    r"(?<![\w/.-])[a-z]+(?:_[a-z]+)+|\b(?:None|True|False|NoneType|dict|str|int|Async\w*|Jwt\w+)\b|\w\(|[a-z]\[|=True"
)
READ_FIRST: Final = frozenset({"security.lockout.get", "security.password_history.get"})
"""Reads that tell whether an argument is needed."""
OTHER_ARGUMENTS: Final = "tenants metadata set"
"""The command whose arguments are not those of the method."""


def _wrong(method: Method) -> Iterator[list[str]]:
    """Yield command lines of a method: with what is required alone, with one option more, and with a wrong value."""
    yield _line(method, {})
    # Methods of users share the code of those of the environment.
    for parameter in () if method.noun.startswith("user ") else method.parameters:
        for value in WRONG.get(parameter.kind, ()):
            if not parameter.secret and not (parameter.by_position and value.startswith("-")):
                yield _line(method, {parameter.name: value})
        if not parameter.required and parameter.example and not parameter.secret:
            yield _line(method, {parameter.name: parameter.example})


def _line(method: Method, given: Mapping[str, str]) -> list[str]:
    """Return a command line with what is required, and some values."""
    words = method.command.split()
    for each in method.parameters:
        if each.name in given or each.required:
            words += _words(each, given.get(each.name, each.example or "x"))
    words += ["--secret-out", "made.txt"] if method.secret and method.returns == "one" else []
    return [*words, *(["--user-token-file", "token.txt"] if method.noun.startswith("user ") else [])]


def _words(parameter: Parameter, value: str) -> list[str]:
    if parameter.by_position:
        return [value]
    if parameter.kind == "flag":
        return [parameter.flag]
    if parameter.secret:
        return [f"{parameter.flag}-file", "secret.txt"]
    if parameter.kind == "word":
        value = parameter.words[0]
    return [parameter.flag, value]


@pytest.mark.acceptance
def test_no_error_has_words_of_python(
    run: Run, emulator: EmulatorHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong, and nothing is sent before it is said."""
    monkeypatch.chdir(tmp_path)
    emulator.seed(
        tenants=[{"tenantId": "acme", "name": "Acme"}],
        users=[{"id": "9f02a1d4", "email": "ada@acme.com", "tenantId": "acme"}],
    )
    token = emulator.user_token(tenant_id="acme", user_id="9f02a1d4", permissions=["fe.*"]).access_token
    Path("token.txt").write_text(token, encoding="utf-8")
    Path("secret.txt").write_text("emu_secret", encoding="utf-8")
    wrong: dict[str, str] = {}
    refused = 0
    for method in METHODS:
        names = {each.name for each in method.parameters}
        for words in () if method.command == OTHER_ARGUMENTS else _wrong(method):
            Path("made.txt").unlink(missing_ok=True)
            emulator.clear_journal()
            ran = run(*words, "--yes")
            if ran.code != ExitCode.USAGE:
                continue
            refused += 1
            said = ran.err.removeprefix("error: ").partition("\n")[0]
            sent = {entry.route for entry in emulator.journal()} - READ_FIRST - {"auth.authenticate"}
            plain = re.sub(r"'[^']*'", "", said)
            if sent or PYTHON.search(plain) or said.partition(" ")[0] in names or "No such option" in said:
                wrong[shlex.join(words)] = f"{said} {sent or ''}"
    assert wrong == {}
    assert refused > len(METHODS)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"FRONTEGG_BASE_URL": "http://emulator.example"},
            "on other hosts except frontegg.com only with FRONTEGG_ALLOW_HTTP=1 and an emulator's credentials",
        ),
        ({"FRONTEGG_BASE_URL": "ftp://x"}, "--base-url must be https://host[:port][/prefix]"),
        ({"FRONTEGG_BASE_URL": "https://api.frontegg.com"}, "--client-id or its secret is a credential of an emulator"),
    ],
)
@pytest.mark.parametrize("command", [("tenants", "list"), ("check",)])
def test_settings_are_options_and_variables(
    variables: dict[str, str], message: str, command: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages have no arguments of Python."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = run(*command)
    assert ran.code == 2
    assert message in ran.err.splitlines()[0]
