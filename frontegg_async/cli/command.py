"""`Command` and `Group`: commands with global options, examples, and a `Session` as the first argument."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, get_args

import attrs
import click
from click.core import ParameterSource

from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.output import FORMATS
from frontegg_async.cli.profiles import Profiles
from frontegg_async.cli.progress import ProgressMode
from frontegg_async.cli.session import Session
from frontegg_async.cli.wording import in_words
from frontegg_async.errors import InvalidArgumentError

REGIONS: Final = ("eu", "us", "ca", "au", "uk")
"""The values of ``--region``."""
_SYNONYMS: Final[Mapping[str, Sequence[str]]] = {
    "add": ("create", "invite", "set"),
    "change": ("update", "set"),
    "create": ("invite", "add", "start", "set"),
    "describe": ("get", "list"),
    "edit": ("update", "set"),
    "find": ("list --filter", "search", "list"),
    "info": ("get", "whoami"),
    "invite": ("create",),
    "ls": ("list",),
    "new": ("create", "invite"),
    "remove": ("delete", "remove-from-tenant"),
    "rm": ("delete", "remove", "remove-from-tenant"),
    "search": ("list --filter", "list"),
    "show": ("get", "list", "whoami"),
    "status": ("whoami",),
    "undo": ("bulk undo",),
    "version": ("--version",),
}
"""Verbs of other programs, each with similar commands of this program. The first existing command is suggested."""
_EXAMPLES: Final = 3
"""The number of subcommands whose examples appear in the help of a group such as ``frontegg tenants``."""


if TYPE_CHECKING:
    ParamType: TypeAlias = click.ParamType[Any]
else:
    ParamType = click.ParamType  # generic only since click 8.4

Complete: TypeAlias = Callable[[click.Context, click.Parameter, str], list[str]]
"""A function for shell completion: it returns the values of a parameter that begin with the typed text."""


def profile_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of the profiles that begin with a text."""
    return [name for name in Profiles().names if name.startswith(incomplete)]


class Argument(click.Argument):
    """An argument with a help text."""

    def __init__(
        self,
        name: str,
        about: str,
        *,
        nargs: int = 1,
        required: bool = True,
        metavar: str | None = None,
        type: ParamType | None = None,
        complete: Complete | None = None,
    ) -> None:
        super().__init__([name], nargs=nargs, required=required, metavar=metavar, type=type, shell_complete=complete)
        self.about = about


class GlobalOption(click.Option):
    """An option of every command, allowed before or after the verb. Its value goes to the session."""

    def __init__(
        self,
        flags: Sequence[str],
        attribute: str,
        *,
        help: str,
        metavar: str | None = None,
        type: click.Choice[str] | click.Path | None = None,
        is_flag: bool = False,
        multiple: bool = False,
        complete: Complete | None = None,
    ) -> None:
        super().__init__(
            # The prefix avoids a clash with parameters of commands.
            [*flags, f"global_{attribute}"],
            expose_value=False,
            callback=self._store,
            help=help,
            metavar=metavar,
            type=type,
            is_flag=is_flag or None,  # with False, click would make the value optional
            multiple=multiple,
            shell_complete=complete,
        )
        self.attribute = attribute

    def _store(self, context: click.Context, parameter: click.Parameter, value: object) -> None:
        if context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            setattr(context.ensure_object(Session), self.attribute, value)


def _names_of(_: click.Context, __: click.Parameter, lists: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in texts with commas between names."""
    return tuple(name.strip() for each in lists for name in each.split(",") if name.strip())


names_option: Final = partial(click.option, multiple=True, callback=_names_of, metavar="A,B")
"""Add an option that takes names with commas between them. A repeated option adds names."""


class _Fields(GlobalOption):
    def _store(self, context: click.Context, parameter: click.Parameter, value: object) -> None:
        names = _names_of(context, parameter, cast("tuple[str, ...]", value))
        super()._store(context, parameter, (*context.ensure_object(Session).fields, *names))


def global_options() -> list[click.Parameter]:
    """Return the options that every command has."""
    path = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
    return [
        GlobalOption(("--profile",), "profile", metavar="NAME", help="The profile to use.", complete=profile_names),
        GlobalOption(("--client-id",), "client_id", metavar="ID", help="The environment's client id."),
        GlobalOption(
            ("--secret-file",),
            "secret_file",
            type=path,
            metavar="FILE",
            help="Read the secret from a file, or from - for standard input.",
        ),
        GlobalOption(("--region",), "region", type=click.Choice(REGIONS), help="The environment's region."),
        GlobalOption(("--base-url",), "base_url", metavar="URL", help="The service's address, instead of a region."),
        GlobalOption(("--domain",), "domain", metavar="NAME", help="The environment's sub-domain, such as app-acme."),
        GlobalOption(
            ("--environment-id",),
            "environment_id",
            metavar="ID",
            help="The environment's id, if the credential has several environments.",
        ),
        GlobalOption(
            ("--output", "-o"),
            "output",
            type=click.Choice(FORMATS),
            help="The output format. The default is a table on a terminal, otherwise jsonl.",
        ),
        _Fields(
            ("--fields",),
            "fields",
            metavar="A,B",
            multiple=True,
            help="The fields to write, such as name,metadata.plan.",
        ),
        GlobalOption(
            ("--progress",),
            "progress_mode",
            type=click.Choice(get_args(ProgressMode)),
            help="The format of progress on standard error.",
        ),
        GlobalOption(("--yes", "-y"), "yes", is_flag=True, help="Do not ask for confirmation."),
        GlobalOption(("--quiet", "-q"), "quiet", is_flag=True, help="Show errors only."),
        GlobalOption(("--verbose", "-v"), "verbose", is_flag=True, help="Log each request, without secrets."),
        GlobalOption(("--debug",), "debug", is_flag=True, help="Show the traceback of an error."),
    ]


def _default(run: Callable[[Session], int | None]) -> Callable[[click.Context], int | None]:
    """Return the callback of a group. The callback runs the default function if the command line names no verb."""
    return lambda context: None if context.invoked_subcommand else run(context.ensure_object(Session))


class _WithGlobals(click.Command):
    """The base class of commands and groups: it adds the global options, and the examples at the end of the help."""

    examples: tuple[str, ...] = ()

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters, followed by the global options."""
        *own, help_option = super().get_params(ctx)
        return [*own, *global_options(), help_option]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command, then the global options."""
        arguments: list[tuple[str, str]] = []
        own: list[tuple[str, str]] = []
        everywhere: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Argument):
                arguments.append((parameter.make_metavar(ctx), getattr(parameter, "about", "")))
            elif record := parameter.get_help_record(ctx):
                (everywhere if isinstance(parameter, GlobalOption) else own).append(record)
        if any(about for _, about in arguments):
            with formatter.section("Arguments"):
                formatter.write_dl(arguments)
        with formatter.section("Options"):
            formatter.write_dl(own)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        with formatter.section("Global options"):
            formatter.write_dl(everywhere)

    def examples_in(self, ctx: click.Context) -> Sequence[str]:  # noqa: ARG002 - subclasses use the context
        """Return the examples: command lines without the name of the program."""
        return self.examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        examples = self.examples_in(ctx)
        if examples:
            with formatter.section("Examples"):
                for example in examples:
                    formatter.write(f"{'':>{formatter.current_indent}}frontegg {example}\n")


class Command(_WithGlobals):
    """A command.

    Args:
        name: The verb, or the noun of a command without verbs.
        run: The function to run. It receives the `Session`, and the parameters by name.
        help: The help text. Lists of commands show its first sentence.
        examples: At least one command line, without the name of the program.
        params: The parameters, in addition to those of click's decorators on ``run``.
    """

    def __init__(
        self,
        name: str,
        run: Callable[..., int | None],
        *,
        help: str,
        examples: Sequence[str],
        params: Sequence[click.Parameter] = (),
    ) -> None:
        decorated: list[click.Parameter] = getattr(run, "__click_params__", [])
        super().__init__(name, params=[*reversed(decorated), *params], callback=run, help=help)
        self.examples: tuple[str, ...] = tuple(examples)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; return its exit code.

        Raises:
            CommandError: A method of the SDK refused an argument. The message names the option instead.
        """
        try:
            return ctx.invoke(cast("Callable[..., object]", self.callback), ctx.ensure_object(Session), **ctx.params)
        except InvalidArgumentError as error:
            raise CommandError(in_words(str(error), self.params), ExitCode.USAGE) from error


@attrs.frozen
class Entry:
    """A command whose module is imported only when the command is used."""

    make: str | Callable[[str], click.Command]
    """The function that makes the command, or its import path, such as ``frontegg_async.cli.commands.api:api``."""
    summary: str
    """The description of the command in the help of its group."""
    section: str = "Commands"
    """The heading above the command in the help of its group."""


def entry_of(command: click.Command) -> Entry:
    """Return the entry of an existing command.

    Args:
        command: The command.
    """
    return Entry(lambda _: command, (command.help or "").partition("\n\n")[0])


def _loaded(make: str | Callable[[str], click.Command]) -> Callable[[str], click.Command]:
    if not isinstance(make, str):
        return make
    module, _, function = make.partition(":")
    found: Callable[[str], click.Command] = getattr(importlib.import_module(module), function)
    return found


class Group(_WithGlobals, click.Group):
    """A group of commands: a noun such as ``tenants`` with its verbs, or the whole program with its nouns.

    Args:
        name: The noun.
        help: The help text.
        commands: The commands by name, in the order of the help.
        examples: Command lines without the name of the program.
        params: The options of the group itself.
        default: The function to run if the command line names no verb. ``None`` shows the help.
    """

    def __init__(
        self,
        name: str,
        *,
        help: str,
        commands: Mapping[str, Entry],
        examples: Sequence[str] = (),
        params: Sequence[click.Parameter] = (),
        default: Callable[[Session], int | None] | None = None,
    ) -> None:
        super().__init__(
            name,
            help=help,
            params=list(params),
            invoke_without_command=default is not None,
            callback=None if default is None else click.pass_context(_default(default)),
        )
        self.entries: dict[str, Entry] = dict(commands)
        self.examples: tuple[str, ...] = tuple(examples)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives it
        """Return the names of the commands, in the order of the help."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command. Import or make the command at its first use."""
        entry = self.entries.get(cmd_name)
        if entry is not None and cmd_name not in self.commands:
            self.commands[cmd_name] = _loaded(entry.make)(cmd_name)
        return super().get_command(ctx, cmd_name)

    def examples_in(self, ctx: click.Context) -> Sequence[str]:
        """Return the examples of the group, or an example of each of the first verbs."""
        commands = [self.get_command(ctx, name) for name in list(self.entries)[:_EXAMPLES]] if not self.examples else []
        inner = [each.examples_in(ctx)[:1] for each in commands if isinstance(each, _WithGlobals)]
        return [*self.examples, *chain.from_iterable(inner)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the named command, or fail with a suggestion."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            meant = self._meant(ctx, name)
            hint = f": did you mean {meant!r}?" if meant else ""
            ctx.fail(f"there is no command {name!r}{hint}")
        return super().resolve_command(ctx, args)

    def _meant(self, ctx: click.Context, name: str) -> str:
        """Return the command that is most similar to an unknown name; an empty text if no command is similar."""
        import difflib  # noqa: PLC0415 - needed for errors only

        for known in _SYNONYMS.get(name, ()):
            if self._has(ctx, known.split()):
                return known
        near = difflib.get_close_matches(name, self.list_commands(ctx), 1)
        return near[0] if near else ""

    def _has(self, ctx: click.Context, words: Sequence[str]) -> bool:
        """Return whether this group has the command that the words name. Words with hyphens are its options."""
        command: click.Command | None = self
        for word in words:
            if command is not None and word.startswith("--"):
                return any(word in each.opts for each in command.get_params(ctx))
            command = command.get_command(ctx, word) if isinstance(command, Group) else None
        return command is not None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click gives it
        """Write the commands below the headings of their sections, without importing the commands."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries.items():
            sections.setdefault(entry.section, []).append((name, entry.summary))
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl(rows)
