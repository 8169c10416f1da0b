"""Commands that are made from the methods of the clients: nouns from the resources, verbs from their methods.

What a method takes by position is an argument, and what it takes by name an option; the help is that of its docstring.
"""

from __future__ import annotations

import asyncio
import collections.abc
import enum
import inspect
import json
import os
import re
import sys
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeGuard, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs
import click

from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UnsetType
from frontegg_async.cli.command import Argument, Command, Entry, Group
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.profiles import read_secret
from frontegg_async.cli.session import Session, write_secret
from frontegg_async.client import AsyncFrontegg
from frontegg_async.models.model import Serializable
from frontegg_async.pages import AsyncPages
from frontegg_async.tree import TenantTree
from frontegg_async.user import AsyncFronteggUser

T = TypeVar("T")

NOUNS: Final = {
    "access-tokens": "access_tokens",
    "api-tokens": "api_tokens",
    "hierarchy": "hierarchy",
    "migrations": "migrations",
    "settings": "account_settings",
    "sso": "sso",
    "sub-tenants": "sub_tenants",
    "tenants": "tenants",
    "user-access-tokens": "user_access_tokens",
    "user-api-tokens": "user_api_tokens",
}
"""The resources of `AsyncFrontegg` by their nouns."""

VERBS: Final = {"account_settings.update": "set"}
"""Verbs that are called otherwise than their methods."""

ALIASES: Final = {"sso": {"validate": "sso.domains.validate"}}
"""Verbs of resources that call a method of a resource within."""

OPTIONS: Final = {
    "sort_by": "sort",
    "tenant_ids": "tenant-id",
    "role_ids": "role-id",
    "permission_ids": "permission-id",
}
"""Options that are called otherwise than their parameters."""

NOT_GIVEN: Final = frozenset({"options", "prefetch"})
"""Parameters that a command line does not have."""

DESTRUCTIVE: Final = frozenset({"delete", "delete_current", "move_users"})
"""Methods that no other one can undo."""

_SAMPLES: Final = {
    "tenant_id": "acme", "child_id": "acme-eu", "parent_id": "acme", "new_parent_id": "globex", "alias": "acme",
    "migration_id": "0d9a…", "configuration_id": "0d9a…", "domain_id": "7c1f…", "domain": "acme.com",
    "group_id": "51b0…",
    "token_id": "3e7d…", "client_id": "3e7d…", "user_id": "9f02…", "email": "ada@acme.com", "source_tenant_id": "acme",
    "target_tenant_id": "globex", "key": "plan", "tenant_ids": "acme globex", "name": "Acme", "role_ids": "5b1e…",
    "type": "saml", "metadata": "metadata.xml", "group": "admins", "parent_tenant_id": "acme", "access_type": "always",
    "unspecified_tenant_strategy": "BLOCK", "confirm_tenant_id": "acme",
}  # fmt: skip
"""What examples have for a parameter."""

_CAPITAL: Final = re.compile(r"(?<!^)(?<![A-Z_])([A-Z])")
_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_OF_ARGUMENT: Final = re.compile(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)


@attrs.frozen(kw_only=True)
class Method:
    """A method of a client that is a command."""

    path: str
    """The attributes that lead to it, as ``sso.domains.create``."""
    function: Callable[..., object]
    """The function of the class."""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition(".")[2]

    @property
    def hints(self) -> Mapping[str, object]:
        """The types of its parameters, and of what it returns."""
        return get_type_hints(self.function)

    def of(self, client: object) -> Callable[..., object]:
        """Return the method of a client."""
        for name in self.path.split("."):
            client = getattr(client, name)
        return cast("Callable[..., object]", client)


def noun(name: str) -> Group:
    """Return the commands of a resource of `AsyncFrontegg`.

    Args:
        name: The noun, as ``api-tokens``.
    """
    return group_of(name, AsyncFrontegg, NOUNS[name])


def user(name: str) -> Group:
    """Return the commands of `AsyncFronteggUser`.

    Args:
        name: What they are called together.
    """
    resources = [each for each in get_type_hints(AsyncFronteggUser) if not each.startswith("_")]
    nouns = {dashed(each): _noun_within(AsyncFronteggUser, each, name) for each in resources}
    return Group(
        name,
        commands=nouns,
        help="What a user may do, with a token of their own: from --user-token-file, FRONTEGG_USER_TOKEN or "
        "FRONTEGG_USER_TOKEN_FILE. The calls go to --domain or --base-url.",
        examples=(f"{name} tenants list --domain app-acme --user-token-file token.txt",),
    )


def group_of(name: str, client: type, resource: str, *, before: str = "") -> Group:
    """Return a noun with its verbs, and the nouns within it.

    Args:
        name: The noun.
        client: The class of the client.
        resource: The attributes that lead to the resource.
        before: The nouns before it.
    """
    kind = class_at(client, resource)
    prefix = f"{before} {name}".strip()
    methods = [Method(path=f"{resource}.{each}", function=getattr(kind, each)) for each in public_methods(kind)]
    commands = {
        VERBS.get(each.path) or dashed(each.name): Entry(partial(_verb, each, client, prefix), _summary(each.function))
        for each in methods
    }
    for verb, path in ALIASES.get(resource, {}).items():
        inner, _, method = path.rpartition(".")
        found = Method(path=path, function=getattr(class_at(client, inner), method))
        commands[verb] = Entry(partial(_verb, found, client, prefix), _summary(found.function))
    for each, inner in get_type_hints(kind).items():
        if inspect.isclass(inner) and inner.__module__.startswith("frontegg_async.resources."):
            commands[dashed(each)] = _noun_within(client, f"{resource}.{each}", prefix)
    return Group(name, help=_summary(kind), commands=commands)


def _verb(method: Method, client: type, before: str, name: str) -> Command:
    return command_of(method, client, before, name=name)


def _noun_within(client: type, resource: str, before: str) -> Entry:
    return Entry(lambda noun: group_of(noun, client, resource, before=before), _summary(class_at(client, resource)))


def class_at(client: type, resource: str) -> type:
    """Return the class of a resource, by the annotations.

    Args:
        client: The class of the client.
        resource: The attributes that lead to it, as ``sso.domains``.
    """
    for name in resource.split("."):
        client = get_type_hints(client)[name]
    return client


def public_methods(kind: type) -> list[str]:
    """Return the names of the public methods of a resource, in the order of their definition.

    Args:
        kind: Its class.
    """
    names = dict.fromkeys(chain.from_iterable(vars(each) for each in reversed(kind.__mro__[:-1])))
    return [name for name in names if not name.startswith("_") and inspect.isfunction(getattr(kind, name))]


def dashed(name: str) -> str:
    """Return the name of a command for that of an attribute."""
    return name.replace("_", "-")


def command_of(method: Method, client: type, before: str, *, name: str | None = None) -> Command:
    """Return the command that calls a method.

    Args:
        method: The method.
        client: The class of the client that has it.
        before: The nouns before the command, for its example.
        name: The verb; by default that of the method.
    """
    verb = name or VERBS.get(method.path) or dashed(method.name)
    fields = [field for field in _fields_of(method) if field.name not in NOT_GIVEN]
    params = [field.parameter for field in fields]
    clearable = [field.name for field in fields if field.clearable]
    if clearable:
        params.append(
            click.Option(
                ["--clear"],
                multiple=True,
                type=click.Choice(list(map(dashed, clearable))),
                help="A field to make empty; may be repeated.",
            )
        )
    returns = method.hints["return"]
    if get_origin(returns) is AsyncPages:
        params.append(click.Option(["--limit"], type=click.IntRange(0), help="The most rows to write; all by default."))
    makes_secret = _model_of(returns) is not None and _required_secret(cast("type", _model_of(returns)))
    if makes_secret:
        params.append(
            click.Option(
                ["--secret-out"],
                required=True,
                type=click.Path(path_type=Path),
                help="The new file for the secret, which is shown nowhere else.",
            )
        )
    if client is AsyncFronteggUser:
        params.append(
            click.Option(
                ["--user-token-file"],
                type=click.Path(path_type=Path, allow_dash=True),
                help="A file with the user's token.",
            )
        )
    call = _Call(method, fields, client)
    example = " ".join(
        (
            before,
            verb,
            *(field.sample for field in fields if field.required),
            *(("--secret-out", "secret.txt") if makes_secret else ()),
            *(("--yes",) if method.name in DESTRUCTIVE else ()),
        )
    )
    return Command(verb, call.run, params=params, help=_description(method.function), examples=(example,))


@attrs.frozen(kw_only=True)
class Field:
    """A parameter of a method, and that of the command for it."""

    name: str
    """The name of the method's parameter."""
    parameter: click.Parameter
    """The parameter of the command."""
    clearable: bool
    """Whether ``None`` clears what it sets."""
    is_secret: bool
    """Whether its value is read from a file."""
    by_position: bool
    """Whether the method takes it by position."""

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.parameter.required

    @property
    def sample(self) -> str:
        """What an example has for it."""
        value = _SAMPLES.get(self.name, self.name.upper())
        if self.by_position:
            return value
        option = cast("click.Option", self.parameter)
        flag = option.opts[0]
        if isinstance(option.type, click.Choice):
            value = str(option.type.choices[0])
        return flag if isinstance(option.type, click.types.BoolParamType) else f"{flag} {value.split(' ')[0]}"


class Words(click.Choice[str]):
    """One of some words, which are written as attributes are; those of the service are taken as well.

    Args:
        words: The words of the service, as ``createdAt``.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = {_CAPITAL.sub(r"_\1", word).lower(): word for word in words}
        super().__init__(list(self._words), case_sensitive=False)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word of the service."""
        if value in self._words.values():
            return str(value)
        return self._words[super().convert(value, param, ctx)]


class JsonText(click.ParamType[Any]):
    """A JSON value, or ``@FILE`` with one."""

    name = "json"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the value of a text."""
        if not isinstance(value, str):
            return value
        try:
            text = Path(value[1:]).read_text(encoding="utf-8-sig") if value.startswith("@") else value
            return json.loads(text)
        except OSError as error:
            self.fail(f"{value[1:]}: {error.strerror}", param, ctx)
        except ValueError as error:
            self.fail(f"it is not JSON: {error}; text is written as '\"text\"'", param, ctx)


class TextOrFile(click.ParamType[Any]):
    """A text, or ``@FILE`` with it."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the text."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        try:
            return Path(value[1:]).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self.fail(f"{value[1:]}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}", param, ctx)


def _fields_of(method: Method) -> list[Field]:
    signature = inspect.signature(method.function)
    helps = _argument_helps(method.function)
    hints = method.hints
    return [
        _field(parameter, hints[name], helps.get(name, ""))
        for name, parameter in signature.parameters.items()
        if name not in {"self", *NOT_GIVEN}
    ]


def _field(parameter: inspect.Parameter, hint: object, help_: str) -> Field:
    members = _members(hint)
    is_secret = Secret in members
    by_position = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    is_many = any(get_origin(each) is collections.abc.Sequence for each in members) and not _holds_json(members)
    if by_position:
        made: click.Parameter = Argument(parameter.name, help_, nargs=-1 if is_many else 1)
    else:
        made = _option(parameter, members, help_, is_secret=is_secret, is_many=is_many)
    clearable = NoneType in members and UnsetType.UNSET in members
    return Field(name=parameter.name, parameter=made, clearable=clearable, is_secret=is_secret, by_position=by_position)


def _option(
    parameter: inspect.Parameter, members: Sequence[object], help_: str, *, is_secret: bool, is_many: bool
) -> click.Option:
    name, flag = parameter.name, OPTIONS.get(parameter.name, dashed(parameter.name))
    required = parameter.default is inspect.Parameter.empty
    shown = None if required or parameter.default in (None, UnsetType.UNSET) else f" (default: {parameter.default})"
    about = help_ + (shown or "")
    if is_secret:
        path = click.Path(path_type=Path, allow_dash=True)
        return click.Option([f"--{flag}-file", name], type=path, required=required, help=f"A file with it. {help_}")
    if bool in members and not _holds_json(members):
        return click.Option([f"--{flag}/--no-{flag}", name], default=None, required=required, help=about)
    kind = _type(name, members)
    return click.Option([f"--{flag}", name], type=kind, multiple=is_many, required=required, help=about)


def _type(name: str, members: Sequence[object]) -> click.ParamType[Any]:
    if _holds_json(members):
        return JsonText()
    choices = [value for each in members if get_origin(each) is Literal for value in get_args(each)]
    choices = [value for value in choices if isinstance(value, str)]
    if not choices:
        choices = [str(one.value) for each in members if _is_enum(each) for one in each]
    if choices:
        return Words(choices)
    if int in members:
        return click.INT
    if float in members:
        return click.FLOAT
    return TextOrFile() if name in ("metadata", "public_certificate", "logo") else click.STRING


def _is_enum(hint: object) -> TypeGuard[type[enum.Enum]]:
    return inspect.isclass(hint) and issubclass(hint, enum.Enum) and hint is not UnsetType


def _members(hint: object) -> list[object]:
    """Return what a union has, each once; ``UNSET`` and texts of literals by their values."""
    if get_origin(hint) in (Union, UnionType):
        return list(chain.from_iterable(map(_members, get_args(hint))))
    if get_origin(hint) is Literal and UnsetType.UNSET in get_args(hint):
        return list(get_args(hint))
    return [hint]


def _holds_json(members: Sequence[object]) -> bool:
    return any(get_origin(each) is collections.abc.Mapping for each in members)


def _model_of(hint: object) -> type | None:
    """Return the model that a method yields or returns: of a listing or a tuple, that of its items."""
    if hint is TenantTree:
        return None
    for each in (hint, *get_args(hint)):
        if inspect.isclass(each) and attrs.has(each) and issubclass(each, Serializable):
            return each
    return None


def _required_secret(model: type) -> bool:
    return get_type_hints(model).get("secret") is Secret


@attrs.frozen
class _Call:
    """Calls a method with the parameters of a command, and writes what it returns."""

    method: Method
    fields: Sequence[Field]
    client: type

    def run(self, session: Session, **given: Any) -> int:  # noqa: ANN401 - of as many kinds as there are parameters
        limit, path = given.pop("limit", None), given.pop("secret_out", None)
        token_file: Path | None = given.pop("user_token_file", None)
        if path is not None and path.exists():
            raise CommandError(f"{path} is there already; a secret does not replace a file", ExitCode.USAGE)
        columns = columns_of(_model_of(self.method.hints["return"]))
        session.check_fields(columns)
        positional, named = self._arguments(given)
        if self.method.name in DESTRUCTIVE:
            session.confirm(self._action(positional))
        one = {**named}

        async def call(client: object) -> int:
            found = self.method.of(client)(*positional, **one)
            value = await found if inspect.iscoroutine(found) else found
            return await show_result(session, value, limit=limit, columns=columns, secret_out=path, verb=self._done())

        if self.client is AsyncFronteggUser:
            return asyncio.run(_as_user(session, token_file, call))
        return session.run(call)

    def _arguments(self, given: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        clear: list[str] = [name.replace("-", "_") for name in given.pop("clear", ())]
        positional: list[Any] = []
        named: dict[str, Any] = dict.fromkeys(clear)
        for field in self.fields:
            value = given[field.name]
            if field.by_position:
                positional.append(read_ids(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value)
            elif value is None or value == ():
                continue
            elif field.name in clear:
                raise CommandError(f"--clear {dashed(field.name)} contradicts its value", ExitCode.USAGE)
            else:
                named[field.name] = read_secret(value) if field.is_secret else value
        return positional, named

    def _action(self, positional: Sequence[Any]) -> str:
        what = " ".join(str(each) for each in positional)
        return f"{self._words().capitalize()} {what}".strip() + " (1)"

    def _words(self) -> str:
        resource, _, verb = self.method.path.replace("_", " ").rpartition(".")
        return f"{verb} of {resource.replace('.', ' ')}"

    def _done(self) -> str:
        return f"{self.method.path}: done"


async def _as_user(session: Session, token_file: Path | None, call: Callable[[AsyncFronteggUser], Awaitable[T]]) -> T:
    connection = session.connection
    token = _user_token(token_file)
    domain = connection.domain
    client = AsyncFronteggUser(
        domain=domain,
        base_url=None if domain else connection.base_url,
        token=token.reveal(),
        allow_http=connection.allow_http,
        on_request=session.on_request,
        on_response=session.on_response,
    )
    async with client:
        return await call(client)


def _user_token(token_file: Path | None) -> Secret:
    named = token_file or os.environ.get("FRONTEGG_USER_TOKEN_FILE")
    if named:
        return read_secret(Path(named))
    text = os.environ.get("FRONTEGG_USER_TOKEN")
    if not text:
        raise CommandError(
            "no user's token is set", ExitCode.USAGE, "Give --user-token-file, or set FRONTEGG_USER_TOKEN."
        )
    return Secret(text)


async def show_result(
    session: Session,
    value: object,
    *,
    columns: Sequence[str] = (),
    limit: int | None = None,
    secret_out: Path | None = None,
    verb: str = "done",
) -> int:
    """Write what a method returned, in the form that fits it.

    Args:
        session: The session.
        value: A model, a listing, a progress, a tree, text, JSON, or nothing.
        columns: The fields of its rows, if they are known.
        limit: The most rows of a listing.
        secret_out: The file for the secret of the model.
        verb: What to say when nothing was returned.

    Returns:
        The exit code.
    """
    if secret_out is not None:
        write_secret(secret_out, cast("Secret", getattr(value, "secret")))  # noqa: B009 - of those that have one
        session.say(f"the secret is in {secret_out}")
    match value:
        case None:
            session.say(verb)
        case AsyncPages():
            await session.show_all(_first(cast("AsyncPages[object]", value), limit), columns=columns)
        case TenantTree():
            await session.show_all(tree_rows(value))
        case (Serializable() as item, bool() as is_new):
            session.say("created" if is_new else "it was there already")
            session.show(item)
        case tuple() | list():
            await session.show_all(cast("Sequence[object]", value), columns=columns)
        case str() if session.output is None:
            sys.stdout.write(value if value.endswith("\n") else f"{value}\n")
        case _ if isinstance(value, AsyncIterable):
            await session.show_all(cast("AsyncIterable[object]", value), columns=columns)
        case _:
            session.show({"value": value} if isinstance(value, str) else value)
    return ExitCode.DONE


async def _first(pages: AsyncPages[object], limit: int | None) -> AsyncIterable[object]:
    """Yield the items of a listing, up to a number; what comes after is not read."""
    left = sys.maxsize if limit is None else limit
    reader = pages.reader(limit=limit)
    try:
        while left and (portion := await reader.read()) is not None:
            for item in portion.fresh[:left]:
                yield item
            left -= min(left, len(portion.fresh))
    finally:
        reader.cancel()


def tree_rows(tree: TenantTree) -> list[Mapping[str, object]]:
    """Return a row for each node, with its depth and its parent."""
    return [
        {"depth": entry.depth, **entry.node.to_dict(), "parent_tenant_id": entry.path[-2] if entry.depth else None}
        for entry in tree.walk()
    ]


def columns_of(model: type | None) -> tuple[str, ...]:
    """Return the names of the fields of a model; nothing where there is none."""
    return () if model is None else tuple(field.name for field in attrs.fields(model) if not field.name.startswith("_"))


def read_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return ids, with the lines of standard input in the place of ``-``."""
    if "-" not in values:
        return values
    read = [line.strip() for line in sys.stdin if line.strip()]
    return tuple(chain.from_iterable(read if each == "-" else [each] for each in values))


def _description(function: Callable[..., object]) -> str:
    """Return what a docstring says before its sections, for a terminal."""
    text = inspect.getdoc(function) or ""
    paragraphs = _PARAGRAPH.split(text)
    kept = [each for each in paragraphs if not re.match(r"(?:Args|Returns|Raises|Yields):", each)]
    return "\n\n".join(_plain(each) for each in kept)


def _argument_helps(function: Callable[..., object]) -> dict[str, str]:
    text = inspect.getdoc(function) or ""
    section = text.partition("\nArgs:\n")[2].partition("\n\n")[0]
    return {name: _plain(" ".join(help_.split())) for name, help_ in _OF_ARGUMENT.findall(section)}


def _summary(documented: object) -> str:
    return " ".join(_plain((inspect.getdoc(documented) or "").partition("\n\n")[0]).split())


def _plain(text: str) -> str:
    return text.replace("``None`` clears", "--clear empties").replace("``", "").replace("`", "")
