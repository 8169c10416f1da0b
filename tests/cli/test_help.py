"""The help of each command is for operators: no names of Python, and an example that can be run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import click
import make_command_reference
import pytest

from frontegg_async import errors
from frontegg_async.bulk.operations import JOB_OPERATIONS
from frontegg_async.catalogue.lookups import all_methods, columns_of
from frontegg_async.catalogue.types import Client
from frontegg_async.cli.app import program
from frontegg_async.cli.command import Command, GlobalOption, Group, global_options
from frontegg_async.cli.parameters import cli_word
from tests.cli.conftest import Run
from tests.emulator.cases_sso import METADATA
from tests.support.every import every

OF_OTHER_PROGRAMS: Final = ("conformance", "emulator")
"""The commands whose options are those of other programs."""

COMMANDS: Final = [each for each in make_command_reference.commands() if each[1].info_name not in OF_OTHER_PROGRAMS]

CLASSES: Final = {name for name in vars(errors) if name.endswith(("Error", "Warning"))}
PYTHON: Final = re.compile(
    rf"`|\b(?:None|True|False|UNSET|Unset|Async\w*|Args|Returns|Raises|{'|'.join(CLASSES)})\b|\w\(\)|\bself\."
)

GARBLED: Final = re.compile(r"\(default: [A-Z][A-Z_]+\)|,[.,;]|\w\. (?:or|and)\b|\w\.\.(?!\.)|\.\.\.(?= [A-Z]|$)")
"""A constant's name, or a code of punctuation alone that became punctuation of the sentence."""

CLIENTS: Final[tuple[Client, ...]] = ("environment", "user")
METHODS: Final = {each.command: each for client in CLIENTS for each in all_methods(client) if each.is_command}

GLOBAL: Final = {flag for parameter in global_options() for flag in parameter.opts}

Each = tuple[click.Command, click.Context]


def _name(each: Each) -> str:
    return each[1].command_path


def _own_help(command: click.Command, context: click.Context) -> str:
    """Return the help without usage, global options and examples: the words that describe the command."""
    text = command.get_help(context).partition("\n\n")[2]
    return text.partition("\nGlobal options:")[0]


@pytest.mark.slow
@every(COMMANDS, _name)
def test_help_has_no_name_of_python(each: Each) -> None:
    command, context = each
    text = _own_help(command, context)
    assert PYTHON.search(text) is None
    # Three points after a name, such as KEY=VALUE..., belong to an argument.
    assert GARBLED.search(re.sub(r"[A-Z]\.\.\.", "", " ".join(text.split()))) is None
    method = METHODS.get(context.command_path.removeprefix("frontegg "))
    if method is not None:
        words = {cli_word(word) for parameter in method.parameters for word in parameter.words}
        allowed = words | {*columns_of(method)} - {parameter.name for parameter in method.parameters}
        # The remaining names are fields of JSON values.
        names = {*re.findall(r"(?<![\w/.-])[a-z]+(?:_[a-z]+)+(?![\w-])", text)}
        assert names - allowed <= {"template_key", "txt_record_host", "creator_email", "generated_verification"}


@pytest.mark.slow
@every(COMMANDS, _name)
def test_an_option_hides_no_global_one_and_is_singular(each: Each) -> None:
    """Each value of an option that may be repeated is one thing: ``--user-id ann --user-id bob``."""
    command, _ = each
    own = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    flags = [flag for parameter in own for flag in (*parameter.opts, *parameter.secondary_opts)]
    assert not GLOBAL & {*flags}
    repeated = [parameter for parameter in own if parameter.multiple and parameter.metavar != "A,B"]
    plural = {flag for parameter in repeated for flag in parameter.opts if flag.endswith("s")}
    assert plural <= {"--status", "--contains", "--excludes"}  # the latter are verbs


@pytest.mark.slow
@every(COMMANDS, _name)
def test_each_list_with_commas_may_be_given_in_parts(each: Each) -> None:
    command, context = each
    lists = [each for each in command.get_params(context) if each.metavar and "," in each.metavar]
    assert [each.name for each in lists if not each.multiple] == []
    assert "global_fields" in {each.name for each in lists}


@pytest.mark.slow
@every(COMMANDS, _name)
def test_a_command_with_options_has_an_example_with_one(each: Each) -> None:
    command, context = each
    if not isinstance(command, Command):
        return
    own = {
        flag
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option) and not isinstance(parameter, GlobalOption)
        for flag in (*parameter.opts, *parameter.secondary_opts)
    } - {"--help", "-h"}
    words = {word for example in command.examples for word in shlex.split(example)}
    assert not own or own & words, command.examples


@pytest.mark.slow
def test_every_example_is_a_command_line_of_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It parses, also those of the operations of bulk work."""
    monkeypatch.chdir(tmp_path)
    Path("metadata.xml").write_text(METADATA, encoding="utf-8")
    root = program()
    for command, context in COMMANDS:
        name = context.command_path.removeprefix("frontegg ")
        if isinstance(command, Command):
            assert command.examples, name
            for example in command.examples:
                assert example.startswith(name)
                _parse(root, shlex.split(example))
    for operation in JOB_OPERATIONS:
        context = _parse(root, ["bulk", "run", operation, "rows.csv"])
        text = context.command.get_help(context)
        for example in re.findall(r"^  frontegg (.+)$", text.partition("Examples:")[2], re.MULTILINE):
            _parse(root, shlex.split(example))


def _parse(root: Group, words: list[str]) -> click.Context:
    """Parse a command line, and return the context of its command."""
    command: click.Command = root
    context = root.make_context("frontegg", words)
    while isinstance(command, Group):
        word, inner, words = command.resolve_command(context, [*context._protected_args, *context.args])
        assert inner is not None
        command, context = inner, inner.make_context(word, words, parent=context)
    return context


@pytest.mark.slow
def test_the_help_of_an_operation_lists_its_columns(run: Run) -> None:
    """By either spelling of its name, and wherever the operation stands."""
    for operation in JOB_OPERATIONS.values():
        for words in ((operation.name,), ("--rate", "9", operation.name.replace("_", "-"), "rows.csv")):
            ran = run("bulk", "run", *words, "--help")
            assert (ran.code, ran.err) == (0, "")
            section = ran.out.partition(f"\nColumns of {operation.name}:\n")[2].partition("\n\n")[0]
            assert GARBLED.search(section) is None
            rows = dict(re.findall(r"^  (\S+) +(.+)$", section, re.MULTILINE))
            for column in operation.columns.values():
                kind = "JSON" if column.is_json else "true or false" if column.is_flag else "text"
                assert rows[column.name].startswith(kind)
                assert ("required" in rows[column.name]) is (column.name in operation.required)
                assert (f"{column.name}.KEY" in rows) is column.is_json
            assert f"frontegg bulk run {operation.name} rows.csv" in ran.out
            assert PYTHON.search(section) is None
    assert "\nColumns of" not in run("bulk", "run", "--help").out
