"""Generate commands from the methods in the catalogue: a noun for each resource, a verb for each method.

Positional parameters of a method become arguments, and keyword parameters become options.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs
import click

from frontegg_async._values.secret import Secret
from frontegg_async.catalogue.lookups import ENTRIES, columns_of, noun_at
from frontegg_async.catalogue.types import Client, Method, Noun, Parameter, dashed
from frontegg_async.cli.command import Command, Entry, Group
from frontegg_async.cli.examples import example_of
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.parameters import parameter_of, read_ids
from frontegg_async.cli.questions import asks, confirm_several, question_of
from frontegg_async.cli.secret_files import new_secret_file, read_secret
from frontegg_async.cli.session import Session
from frontegg_async.cli.where import conditions_of, where_option

if TYPE_CHECKING:
    from frontegg_async.user import AsyncFronteggUser

T = TypeVar("T")


def noun(name: str) -> Group:
    """Return the commands of a resource of the environment's client.

    Args:
        name: The noun, such as ``api-tokens``.
    """
    path = next(path for path, entry in ENTRIES["environment"].items() if entry.name == name)
    return group_of("environment", noun_at("environment", path), name)


def user(name: str) -> Group:
    """Return the commands of a user's client.

    Args:
        name: The name of the group.
    """
    nouns = {entry.name: Entry(partial(_of_user, path), entry.about) for path, entry in ENTRIES["user"].items()}
    return Group(
        name,
        commands=nouns,
        help="Call operations with a user's own token, from --user-token-file, FRONTEGG_USER_TOKEN or "
        "FRONTEGG_USER_TOKEN_FILE. Requests go to --domain or --base-url.",
        examples=(f"{name} tenants list --domain app-acme --user-token-file token.txt",),
    )


def _of_user(path: str, name: str) -> Group:
    return group_of("user", noun_at("user", path), name)


def group_of(client: Client, found: Noun, name: str) -> Group:
    """Return the group of a resource: a command for each method, and a group for each inner resource.

    Args:
        client: The client that has the resource.
        found: The resource.
        name: The name of the group.
    """
    commands = {each.verb: Entry(partial(_verb, client, each), each.about) for each in found.methods if each.is_command}
    for inner in found.nouns:
        commands[inner.name] = Entry(partial(group_of, client, inner), inner.about)
    return Group(name, help=found.about, commands=commands)


def _verb(client: Client, method: Method, name: str) -> Command:
    return command_of(client, attrs.evolve(method, verb=name))


def command_of(client: Client, method: Method) -> Command:
    """Return the command that calls a method.

    Args:
        client: The client that has the method.
        method: The method.
    """
    params = [parameter_of(each) for each in method.parameters]
    clearable = [dashed(each.name) for each in method.parameters if each.clearable]
    if clearable:
        params.append(
            click.Option(
                ["--clear"],
                multiple=True,
                type=click.Choice(clearable),
                metavar="FIELD",
                help=f"The field to clear: {', '.join(clearable)}. May be repeated.",
            )
        )
    if method.returns == "pages":
        params.append(
            click.Option(["--limit"], type=click.IntRange(0), help="The maximum number of rows; all by default.")
        )
    if method.returns in {"pages", "many"}:
        params.append(where_option(columns_of(method)))
    if _secret_of(method):
        params.append(
            click.Option(
                ["--secret-out"],
                required=method.is_only_copy,  # a lost link of an invitation can be listed again
                type=click.Path(path_type=Path),
                help=f"A new file for the {_secret_of(method)}. No other output shows the {_secret_of(method)}.",
            )
        )
    if client == "user":
        params.append(
            click.Option(
                ["--user-token-file"],
                type=click.Path(path_type=Path, allow_dash=True),
                help="A file with the user's token.",
            )
        )
    about = "\n\n".join((method.about, *method.details))
    example = example_of(method, method.command)
    return Command(method.verb, _Call(client, method).run, params=params, help=about, examples=(example,))


def _secret_of(method: Method) -> str:
    """Return the name of the field with the secret in a single result; an empty text without a secret."""
    return method.secret if method.returns == "one" else ""


@attrs.frozen
class _Call:
    """The function of a generated command: it calls a method with the command's parameters, and writes the result."""

    client: Client
    method: Method

    def run(self, session: Session, **given: Any) -> int:  # noqa: ANN401 - parameters have different types
        from frontegg_async.cli.results import show_result  # noqa: PLC0415 - help needs no models

        method = self.method
        limit: int | None = given.pop("limit", None) if method.returns == "pages" else None
        path: Path | None = given.pop("secret_out", None)
        token_file: Path | None = given.pop("user_token_file", None)
        columns = columns_of(method)
        session.check_fields(columns)
        conditions = conditions_of(given.pop("where", ()), columns)
        positional, named = self._arguments(given)
        if () in positional:  # for example the output of a listing without rows
            session.say("nothing to do: there are no ids on standard input")
            return ExitCode.DONE
        if asks(method):
            session.confirm(question_of(method, positional), by_user=self.client == "user")
        elif method.of_several:
            self._confirm_several(session, positional, named)

        async def call(client: object) -> int:
            found = _method_of(client, method.path)(*positional, **named)
            value = await found if inspect.iscoroutine(found) else found
            lost = _keep_secret(session, method, value, path, keep)
            code = await show_result(
                session, value, limit=limit, conditions=conditions, columns=columns, verb=f"{method.command}: done"
            )
            if lost is not None:
                # Raise after the output of the result: a person needs its id to remove the object.
                raise lost
            return code

        with new_secret_file(path) as keep:
            if self.client == "user":
                return asyncio.run(_as_user(session, token_file, call))
            return session.run(call)

    def _arguments(self, given: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        clear: list[str] = [name.replace("-", "_") for name in given.pop("clear", ())]
        positional: list[Any] = []
        named: dict[str, Any] = dict.fromkeys(clear)
        for parameter in self.method.parameters:
            value = given[parameter.name]
            if parameter.by_position:
                if value is None:  # omitted: the method has a default
                    continue
                positional.append(read_ids(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value)
            elif value is None or value == ():
                continue
            elif parameter.name in clear:
                message = f"--clear {dashed(parameter.name)} contradicts {parameter.flag}: give only one of them"
                raise CommandError(message, ExitCode.USAGE)
            else:
                named[parameter.name] = read_secret(value) if parameter.secret else value
        return positional, named

    def _confirm_several(self, session: Session, positional: Sequence[object], named: Mapping[str, object]) -> None:
        by_position: Sequence[Parameter] = [each for each in self.method.parameters if each.by_position]
        names = (each.name for each in by_position)
        arguments = {**dict(zip(names, positional, strict=True)), **named}
        given = arguments.get("tenant_ids")
        if given is None and not arguments.get("all_tenants"):
            return  # the method refuses an empty list
        confirm_several(session, self.method, None if given is None else len(set(cast("Sequence[str]", given))))


def _keep_secret(
    session: Session, method: Method, value: object, path: Path | None, keep: Callable[[str], None]
) -> CommandError | None:
    """Write the secret of a result to its file, and say so. Return the error if the secret is lost."""
    name = _secret_of(method)
    if not name:
        return None
    secret = cast("Secret | None", getattr(value, name, None))
    if secret is None:
        session.say(f"the response has no {name}" + (f", so {path} is not written" if path else ""))
    elif path is None:
        session.say(f"the {name} is not shown: --secret-out writes the {name} to a file")
    else:
        try:
            keep(secret.reveal())
            session.say(f"the {name} is in {path}")
        except CommandError as error:
            return error
    return None


def _method_of(client: object, path: str) -> Callable[..., object]:
    for name in path.split("."):
        client = getattr(client, name)
    return cast("Callable[..., object]", client)


async def _as_user(session: Session, token_file: Path | None, call: Callable[[AsyncFronteggUser], Awaitable[T]]) -> T:
    from frontegg_async.cli.user_client import client_of_user  # noqa: PLC0415 - only the commands of users need it

    async with client_of_user(session, token_file) as client:
        return await call(client)
