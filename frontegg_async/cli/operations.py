"""Commands that are made from the methods of the clients: nouns from the resources, verbs from their methods.

What a method takes by position is an argument, and what it takes by name an option; the help is that of its docstring.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs
import click

from frontegg_async._core.runtime.lazy_resources import resource_kind, resource_kinds
from frontegg_async._values.secret import Secret
from frontegg_async.cli.command import Command, Entry, Group
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.parameters import Field, dashed, fields_of, plain, read_ids
from frontegg_async.cli.questions import OF_SEVERAL, action_of, confirm_several, destroys
from frontegg_async.cli.results import columns_of, show_result
from frontegg_async.cli.secret_files import new_secret_file, read_secret
from frontegg_async.cli.session import Session
from frontegg_async.client import AsyncFrontegg
from frontegg_async.models.model import Serializable
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.tree import TenantTree

if TYPE_CHECKING:
    from frontegg_async.user import AsyncFronteggUser

T = TypeVar("T")

NOUNS: Final = {
    "access-tokens": "access_tokens",
    "api-tokens": "api_tokens",
    "applications": "applications",
    "groups": "groups",
    "audits": "audits",
    "environment": "environment",
    "hierarchy": "hierarchy",
    "invitations": "invitations",
    "jwt-templates": "jwt_templates",
    "migrations": "migrations",
    "prehooks": "prehooks",
    "permissions": "permissions",
    "roles": "roles",
    "scim": "scim",
    "security": "security",
    "settings": "account_settings",
    "sso": "sso",
    "sub-tenants": "sub_tenants",
    "tenants": "tenants",
    "user-access-tokens": "user_access_tokens",
    "user-api-tokens": "user_api_tokens",
    "users": "users",
    "user-invitations": "user_invitations",
    "user-sources": "user_sources",
    "webhooks": "webhooks",
}
"""The resources of `AsyncFrontegg` by their nouns."""

VERBS: Final = {"account_settings.update": "set"}
"""Verbs that are called otherwise than their methods."""

ALIASES: Final = {"sso": {"validate": "sso.domains.validate"}}
"""Verbs of resources that call a method of a resource within."""

OF_PROGRAMS: Final = frozenset({"audits.export_csv", "audits.tail", "users.bulk_invite"})
"""Methods that are no commands.

``audits list --output csv`` writes CSV. A tail never ends, and has a cursor to be kept. Many invitations are objects.
"""

_SECRETS: Final = ("secret", "token")
"""The fields of what is created that hold its secret."""

_PARAGRAPH: Final = re.compile(r"\n\s*\n")


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
    from frontegg_async.user import AsyncFronteggUser  # noqa: PLC0415 - other nouns need none

    resources = resource_kinds(AsyncFronteggUser)
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
    methods = [
        Method(path=f"{resource}.{each}", function=getattr(kind, each))
        for each in public_methods(kind)
        if f"{resource}.{each}" not in OF_PROGRAMS
    ]
    commands = {
        VERBS.get(each.path) or dashed(each.name): Entry(partial(_verb, each, client, prefix), _summary(each.function))
        for each in methods
    }
    for verb, path in ALIASES.get(resource, {}).items():
        inner, _, method = path.rpartition(".")
        found = Method(path=path, function=getattr(class_at(client, inner), method))
        commands[verb] = Entry(partial(_verb, found, client, prefix), _summary(found.function))
    for each in resource_kinds(kind):
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
        client = resource_kind(client, name)
    return client


def public_methods(kind: type) -> list[str]:
    """Return the names of the public methods of a resource, in the order of their definition.

    Args:
        kind: Its class.
    """
    names = dict.fromkeys(chain.from_iterable(vars(each) for each in reversed(kind.__mro__[:-1])))
    return [name for name in names if not name.startswith("_") and inspect.isfunction(getattr(kind, name))]


def command_of(method: Method, client: type, before: str, *, name: str | None = None) -> Command:
    """Return the command that calls a method.

    Args:
        method: The method.
        client: The class of the client that has it.
        before: The nouns before the command, for its example.
        name: The verb; by default that of the method.
    """
    verb = name or VERBS.get(method.path) or dashed(method.name)
    fields = fields_of(method.function)
    params = [field.parameter for field in fields]
    clearable = [field.name for field in fields if field.clearable]
    if clearable:
        params.append(
            click.Option(
                ["--clear"],
                multiple=True,
                type=click.Choice(list(map(dashed, clearable))),
                metavar="FIELD",
                help=f"A field to make empty, of {', '.join(map(dashed, clearable))}; may be repeated.",
            )
        )
    returns = method.hints["return"]
    if get_origin(returns) is AsyncPages:
        params.append(click.Option(["--limit"], type=click.IntRange(0), help="The most rows to write; all by default."))
    secret = _secret_of(returns)
    if secret is not None:
        params.append(
            click.Option(
                ["--secret-out"],
                required=cast("type", returns).__name__.startswith("New"),  # the links of invitations can be listed
                type=click.Path(path_type=Path),
                help="The new file for the secret, which is shown nowhere else.",
            )
        )
    if client is not AsyncFrontegg:
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
            *_change(fields),
            *(("--secret-out", "secret.txt") if secret is not None else ()),
            *(("--yes",) if destroys(method.path) else ()),
        )
    )
    return Command(verb, call.run, params=params, help=_description(method.function), examples=(example,))


def _change(fields: Sequence[Field]) -> Sequence[str]:
    """Return what an example changes, where something must be changed and no option is required."""
    options = [field for field in fields if not field.by_position]
    if any(field.required for field in options) or not any(field.clearable for field in options):
        return ()
    return (options[0].sample,)


def _model_of(hint: object) -> type | None:
    """Return the model that a method yields or returns: of a listing or a tuple, that of its items."""
    if hint is TenantTree:
        return None
    for each in (hint, *get_args(hint)):
        if inspect.isclass(each) and attrs.has(each) and issubclass(each, Serializable):
            return each
    return None


def _secret_of(returns: object) -> str | None:
    """Return the name of the secret in what a method returns; ``None`` without one, and for several objects."""
    hints = get_type_hints(returns) if inspect.isclass(returns) and attrs.has(returns) else {}
    return next((name for name in _SECRETS if hints.get(name) is Secret), None)


@attrs.frozen
class _Call:
    """Calls a method with the parameters of a command, and writes what it returns."""

    method: Method
    fields: Sequence[Field]
    client: type

    def run(self, session: Session, **given: Any) -> int:  # noqa: ANN401 - of as many kinds as there are parameters
        is_listing = get_origin(self.method.hints["return"]) is AsyncPages
        limit: int | None = given.pop("limit", None) if is_listing else None
        path: Path | None = given.pop("secret_out", None)
        token_file: Path | None = given.pop("user_token_file", None)
        columns = columns_of(_model_of(self.method.hints["return"]))
        session.check_fields(columns)
        positional, named = self._arguments(given)
        if () in positional:  # as of a listing that found nothing
            session.say("nothing to do: there are no ids on standard input")
            return ExitCode.DONE
        if destroys(self.method.path):
            session.confirm(action_of(self.method.path, positional), by_user=self.client is not AsyncFrontegg)
        elif self.method.path in OF_SEVERAL:
            self._confirm_several(session, positional, named)

        async def call(client: object) -> int:
            found = self.method.of(client)(*positional, **named)
            value = await found if inspect.iscoroutine(found) else found
            secret = _secret_of(self.method.hints["return"])
            lost: CommandError | None = None
            if path is not None:
                try:
                    keep(cast("Secret", getattr(value, secret or "")).reveal())
                    session.say(f"the secret is in {path}")
                except CommandError as error:
                    lost = error
            elif secret is not None:
                session.say(f"the {secret} is not shown: --secret-out writes it into a file")
            code = await show_result(session, value, limit=limit, columns=columns, verb=f"{self.method.path}: done")
            if lost is not None:
                # After the result, whose id tells what to remove.
                raise lost
            return code

        with new_secret_file(path) as keep:
            if self.client is not AsyncFrontegg:
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

    def _confirm_several(self, session: Session, positional: Sequence[object], named: Mapping[str, object]) -> None:
        names = (field.name for field in self.fields if field.by_position)
        given = {**dict(zip(names, positional, strict=True)), **named}.get("tenant_ids")
        confirm_several(session, self.method.path, None if given is None else len(set(cast("Sequence[str]", given))))


async def _as_user(session: Session, token_file: Path | None, call: Callable[[AsyncFronteggUser], Awaitable[T]]) -> T:
    async with client_of_user(session, token_file) as client:
        return await call(client)


def client_of_user(session: Session, token_file: Path | None) -> AsyncFronteggUser:
    """Return the client of a user, at the sub-domain or the address in use.

    Args:
        session: The global options.
        token_file: The file of ``--user-token-file``.

    Raises:
        CommandError: There is no token, or it may be of another environment.
        ConfigurationError: A setting is malformed.
    """
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
    """Return the token of a file, or else of a variable.

    Args:
        token_file: The file of ``--user-token-file``.
        profile: The profile whose address the token is sent to, if it is that of one.
    """
    if token_file is not None:
        return read_secret(token_file)
    name = next((name for name in ("FRONTEGG_USER_TOKEN", "FRONTEGG_USER_TOKEN_FILE") if os.environ.get(name)), None)
    if name is None:
        raise CommandError(
            "no user's token is set", ExitCode.USAGE, "Give --user-token-file, or set FRONTEGG_USER_TOKEN."
        )
    if profile is not None:
        raise CommandError(
            f"{name} is set, and the address is that of the profile {profile!r}: they may be of different environments",
            ExitCode.USAGE,
            "Give --user-token-file, or the address by --domain or --base-url.",
        )
    text = os.environ[name]
    return read_secret(Path(text)) if name.endswith("_FILE") else Secret(text)


def _description(function: Callable[..., object]) -> str:
    """Return what a docstring says before its sections, for a terminal."""
    text = inspect.getdoc(function) or ""
    paragraphs = _PARAGRAPH.split(text)
    kept = [each for each in paragraphs if not re.match(r"(?:Args|Returns|Raises|Yields):", each)]
    return "\n\n".join(plain(each) for each in kept)


def _summary(documented: object) -> str:
    return " ".join(plain((inspect.getdoc(documented) or "").partition("\n\n")[0]).split())
