"""The parameters of commands that are made from methods: an argument for what has a position, and options."""

from __future__ import annotations

import collections.abc
import enum
import inspect
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from types import FunctionType, NoneType, SimpleNamespace, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeGuard, Union, cast, get_args, get_origin, get_type_hints

import attrs
import click

from frontegg_async._values.json_values import JsonValue, unique_names
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UnsetType
from frontegg_async.cli.command import Argument
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.inputs import lines_of, read_text

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType  # which has a parameter as of click 8.4 only

OPTIONS: Final = {
    "event_keys": "event-key",
    "sort_by": "sort",
    "tenant_ids": "tenant-id",
    "role_ids": "role-id",
    "permission_ids": "permission-id",
    "ids": "id",
    "external_ids": "external-id",
    "add_role_ids": "add-role-id",
    "remove_role_ids": "remove-role-id",
    "statuses": "status",
    "secret": "hook-secret",  # --secret-file is the environment's
}
"""Options that are called otherwise than their parameters."""

NOT_GIVEN: Final = frozenset({"options", "prefetch"})
"""Parameters that a command line does not have."""

_SAMPLES: Final = {
    "tenant_id": "acme", "child_id": "acme-eu", "parent_id": "acme", "new_parent_id": "globex", "alias": "acme",
    "migration_id": "0d9a…", "configuration_id": "0d9a…", "domain_id": "7c1f…", "domain": "acme.com",
    "group_id": "51b0…",
    "template_id": "a41c…", "invitation_id": "b85e…", "expires_in_minutes": "1440",
    "roles": "'{\"acme-eu\":[\"5b1e…\"]}'", "users": "'{\"ada@acme.com\":\"Ada\"}'",
    "claims": "'{\"plan\":\"{{user.tenant.metadata.plan}}\"}'", "rules": "'{\"template_key\":\"plan\"}'",
    "expiration": "600", "targeting_id": "c07e…",
    "token_id": "3e7d…", "client_id": "3e7d…", "user_id": "9f02…", "email": "ada@acme.com", "source_tenant_id": "acme",
    "target_tenant_id": "globex", "key": "plan", "tenant_ids": "acme globex", "name": "Acme", "role_ids": "5b1e…",
    "type": "saml", "metadata": "metadata.xml", "group": "admins", "parent_tenant_id": "acme", "access_type": "always",
    "unspecified_tenant_strategy": "BLOCK", "confirm_tenant_id": "acme", "description": "nightly", "idle": "3600",
    "user_ids": "9f02… 4c11…", "confirm_user_id": "9f02…", "task_id": "77aa…", "session_id": "e0b4…",
    "url": "https://app.example.com/hooks", "event_keys": "frontegg.tenant.created", "secret": "secret.txt",
    "webhook_id": "5f3c…", "log_id": "8a20…", "prehook_id": "c41d…", "fail_method": "close",
    "app_id": "c40f…", "app_url": "https://acme.com", "base_role_id": "5b1e…", "group_ids": "51b0…", "keys": "Admin",
    "level": "10", "login_url": "https://acme.com/login", "names": "Portal", "permission_id": "e812…",
    "permission_ids": "e812…", "role_id": "5b1e…",
    "user_source_id": "2f6b…", "app_ids": "c40f…",
}  # fmt: skip
"""What examples have for a parameter."""

_MOST_SHOWN: Final = 6
"""The most words of an option that are in the line of its name."""

_CAPITAL: Final = re.compile(r"(?<!^)(?<![A-Z_])([A-Z])")
_OF_ARGUMENT: Final = re.compile(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)


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
        if isinstance(option.type, TextOrFile):
            value = f"@{value}"
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


def json_of(text: str) -> JsonValue:
    """Return the value of a JSON text.

    Raises:
        RepeatedNameError: An object has a name twice.
        ValueError: It is none, or is nested too deeply.
    """
    try:
        value: JsonValue = json.loads(text, object_pairs_hook=unique_names)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


class JsonText(_Type):
    """A JSON value, or ``@FILE`` with one."""

    name = "json"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the value of a text."""
        if not isinstance(value, str):
            return value
        try:
            text = read_text(value[1:]) if value.startswith("@") else value
            return json_of(text)
        except OSError as error:
            self.fail(f"{value[1:]}: {error.strerror}", param, ctx)
        except ValueError as error:
            self.fail(f"it is not JSON: {error}; text is written as '\"text\"'", param, ctx)


class TextOrFile(_Type):
    """A text, or ``@FILE`` with it."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the text."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        try:
            return read_text(value[1:])
        except (OSError, UnicodeDecodeError) as error:
            self.fail(f"{value[1:]}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}", param, ctx)


class Moment(_Type):
    """A time in ISO 8601; without a zone it is in UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the time of a text."""
        if not isinstance(value, str):
            return value
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time in ISO 8601, as 2026-01-31 or 2026-01-31T08:00Z", param, ctx)
        return time if time.tzinfo else time.replace(tzinfo=UTC)


def fields_of(function: Callable[..., object]) -> list[Field]:
    """Return a field for each parameter of a method that a command line has.

    Args:
        function: The function of the class.
    """
    signature = inspect.signature(function)
    helps = _argument_helps(function)
    given = {name: each for name, each in signature.parameters.items() if name not in {"self", *NOT_GIVEN}}
    # Not all of the function's hints: what it returns may be imported for type checkers only.
    annotations = {name: parameter.annotation for name, parameter in given.items()}
    hints = get_type_hints(SimpleNamespace(__annotations__=annotations), cast("FunctionType", function).__globals__)
    return [_field(parameter, hints[name], helps.get(name, "")) for name, parameter in given.items()]


def _field(parameter: inspect.Parameter, hint: object, help_: str) -> Field:
    members = _members(hint)
    is_secret = Secret in members
    by_position = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    is_many = any(get_origin(each) is collections.abc.Sequence for each in members) and not _holds_json(members)
    if by_position:
        required = parameter.default is inspect.Parameter.empty
        made: click.Parameter = Argument(parameter.name, help_, nargs=-1 if is_many else 1, required=required)
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
    if isinstance(kind, JsonText | TextOrFile):
        about = f"{about} @FILE reads it from a file."
    metavar = None
    if isinstance(kind, Words) and len(kind.choices) > _MOST_SHOWN:
        about, metavar = f"{about} One of {', '.join(kind.choices)}.", "WORD"
    return click.Option(
        [f"--{flag}", name], type=kind, metavar=metavar, multiple=is_many, required=required, help=about
    )


def _type(name: str, members: Sequence[object]) -> click.ParamType[Any]:
    items = chain.from_iterable(map(_members, chain.from_iterable(map(get_args, members))))
    if _holds_json([*members, *items]):
        return JsonText()
    choices = [value for each in members if get_origin(each) is Literal for value in get_args(each)]
    choices = [value for value in choices if isinstance(value, str)]
    if not choices:
        choices = [str(one.value) for each in members if _is_enum(each) for one in each]
    if choices:
        return Words(choices)
    if datetime in members:
        return Moment()
    if int in members or Sequence[int] in members:
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


def read_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return ids, with the lines of standard input instead of ``-``.

    Raises:
        CommandError: The lines are not UTF-8, or one is too long.
    """
    if "-" not in values:
        return values
    try:
        # Other white space at an end is refused with the id: without it, the line may name another account.
        lines = (line.strip(" \t\r\n") for line in lines_of(sys.stdin, "standard input"))
        read = [line for line in lines if line]
    except UnicodeDecodeError:
        raise CommandError("standard input is not UTF-8", ExitCode.USAGE) from None
    return tuple(chain.from_iterable(read if each == "-" else [each] for each in values))


def dashed(name: str) -> str:
    """Return the name of a command or of an option for that of an attribute."""
    return name.replace("_", "-")


def _argument_helps(function: Callable[..., object]) -> dict[str, str]:
    text = inspect.getdoc(function) or ""
    section = text.partition("\nArgs:\n")[2].partition("\n\n")[0]
    return {name: plain(" ".join(help_.split())) for name, help_ in _OF_ARGUMENT.findall(section)}


def plain(text: str) -> str:
    """Return a part of a docstring as a terminal shows it."""
    return text.replace("``None`` clears", "--clear empties").replace("``", "").replace("`", "")
