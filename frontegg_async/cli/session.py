"""`Session`: the context of a command — the global options, a client of the environment, output and questions."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Sequence
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Final, TypeVar, cast

import attrs

from frontegg_async._formats.json_text import json_line
from frontegg_async._formats.records import IDS, Record, Writer
from frontegg_async._formats.terminal import is_terminal
from frontegg_async._values.json_values import RawText
from frontegg_async._values.printable import printable_lines
from frontegg_async._values.records import json_names
from frontegg_async._version import __version__
from frontegg_async.cli import prompts, streams, talk
from frontegg_async.cli.connection import Connection, exported, resolve
from frontegg_async.cli.output import Format, check_fields, writer_of
from frontegg_async.cli.production import Standing, standing_of, stored_standing
from frontegg_async.cli.profiles import Profiles, check_name
from frontegg_async.cli.progress import Progress, ProgressMode
from frontegg_async.cli.writes import Writes
from frontegg_async.errors import ReadOnlyError

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot

T = TypeVar("T")

_AS_IT_IS: Final = frozenset({str, int, bool, NoneType})
"""The types of attributes that need no conversion for output."""


@attrs.define(kw_only=True, slots=False)
class Session:
    """The context of a command: its global options, client, output and questions."""

    profile: str | None = None
    client_id: str | None = None
    region: str | None = None
    base_url: str | None = None
    domain: str | None = None
    environment_id: str | None = None
    secret_file: Path | None = None
    output: Format | None = None
    fields: tuple[str, ...] = ()
    progress_mode: ProgressMode = "auto"
    yes: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    is_limited: bool = False
    """Whether the service has answered a request of this command with 429."""
    requests: int = 0
    """The number of requests that this command has sent."""
    writes: Writes = attrs.Factory(Writes)
    """The writing requests of this command, and the ids in their results."""

    @cached_property
    def profiles(self) -> Profiles:
        """The profiles of the user."""
        return Profiles()

    @cached_property
    def connection(self) -> Connection:
        """The settings in use.

        Raises:
            CommandError: A profile does not exist, or a secret cannot be read.
        """
        profile = self.named_profile
        is_default_used = not (self.client_id or exported(os.environ))
        return self._warned(
            resolve(
                self._flags(),
                secret_file=self.secret_file,
                environ=os.environ,
                # Do not read profiles without need: in a container, their directory may be unreadable.
                profiles=self.profiles if profile or is_default_used else None,
                profile=profile,
            )
        )

    @property
    def named_profile(self) -> str | None:
        """The profile that ``--profile`` or ``FRONTEGG_PROFILE`` names.

        Raises:
            CommandError: The name is not allowed, for example empty.
        """
        name = os.environ.get("FRONTEGG_PROFILE") or None if self.profile is None else self.profile
        return None if name is None else check_name(name)

    def connection_of(self, profile: str) -> Connection:
        """Return the settings of a profile, without options and variables.

        Args:
            profile: The name of the profile.

        Raises:
            CommandError: The profile does not exist, or its secret cannot be read.
        """
        return resolve({}, secret_file=None, environ=os.environ, profiles=self.profiles, profile=check_name(profile))

    def given(self) -> Connection:
        """Return the settings from options and variables only, for a new profile.

        Raises:
            CommandError: A secret cannot be read.
        """
        return self._warned(resolve(self._flags(), secret_file=self.secret_file, environ=os.environ))

    def _warned(self, connection: Connection) -> Connection:
        """Write the warnings of settings, even with ``--quiet``, and return the settings."""
        for text in connection.warnings:
            talk.say(text, label="warning", colour="yellow")
        return connection

    def _flags(self) -> dict[str, str | None]:
        names = ("client_id", "region", "base_url", "domain", "environment_id")
        return {name: cast("str | None", getattr(self, name)) for name in names}

    @property
    def format(self) -> Format:
        """The output format: ``--output``, or a table on a terminal and JSON Lines in a pipe."""
        return self.output or ("table" if is_terminal(sys.stdout) else "jsonl")

    def say(self, text: str) -> None:
        """Write a message to standard error, unless ``--quiet`` is given.

        Args:
            text: The message.
        """
        if not self.quiet:
            talk.say(text)

    def confirm(self, action: str, *, typed: bool = True, by_user: bool = False) -> None:
        """Ask before something is destroyed, unless ``--yes`` is given.

        Args:
            action: The action with its number, such as ``Delete 3 accounts``.
            typed: Whether a person must type the name of a production environment instead of yes.
            by_user: Whether the action uses a user's token. The token may belong to another environment.

        Raises:
            CommandError: The answer is no, or there is no terminal to ask at.
            FronteggError: The environment cannot be read.
        """
        self._check_writable(action)
        if self.yes:
            return
        stored = stored_standing(self.connection)
        prompts.check_terminal(action, stored)
        standing = stored if by_user else self.standing
        prompts.confirm(action, standing, typed=typed and standing.is_production)

    def confirm_in_production(self, action: str, *, typed: bool) -> None:
        """Ask before more than one account is changed in production, unless ``--yes`` is given.

        Args:
            action: The action with its number, such as ``Unlock 3 accounts``.
            typed: Whether a person must type the name of the environment instead of yes.

        Raises:
            CommandError: The answer is no, or there is no terminal to ask at.
            FronteggError: The environment cannot be read.
        """
        self._check_writable(action)
        if self.yes or not self.standing.is_production:
            return
        prompts.confirm(action, self.standing, typed=typed)

    def _check_writable(self, action: str) -> None:
        if self.connection.read_only is not None:
            raise ReadOnlyError(
                f"{action}: refused, since {self.connection.read_only} says that nothing may be written"
            )

    @cached_property
    def standing(self) -> Standing:
        """The name of the environment, and whether it is production: from the settings, or from the service.

        Raises:
            CommandError: There is no client id or no secret.
            FronteggError: The environment cannot be read.
        """
        return standing_of(self.connection, self.run)

    def progress(self, what: str, *, with_rows: bool = False) -> Progress:
        """Return the progress of a command, to use in ``with``.

        Args:
            what: The plural noun for the counted items, such as ``accounts``.
            with_rows: Whether the command also writes rows. On a terminal, the rows are shown instead of the progress.
        """
        is_seen = self.quiet or (with_rows and is_terminal(sys.stdout))
        return Progress("none" if is_seen and self.progress_mode == "auto" else self.progress_mode, what)

    def client(self, connection: Connection | None = None) -> AsyncFrontegg:
        """Return a client, for ``async with``.

        Args:
            connection: The settings. The default is the settings in use.

        Raises:
            CommandError: There is no client id or no secret.
            ConfigurationError: A setting is malformed.
        """
        from frontegg_async.client import AsyncFrontegg  # noqa: PLC0415 - it imports the HTTP client
        from frontegg_async.options import Options  # noqa: PLC0415 - the client needs it

        chosen = self.connection if connection is None else connection
        client_id, secret = chosen.needed()
        return AsyncFrontegg(
            client_id,
            secret.reveal(),
            region=chosen.region or "eu",  # type: ignore[arg-type]  # the client checks it
            base_url=chosen.base_url,
            domain=chosen.domain,
            environment_id=chosen.environment_id,
            allow_http=chosen.allow_http,
            options=None if chosen.read_only is None else Options(read_only=chosen.read_only),
            trust_env=bool(os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")),
            app=f"frontegg-cli/{__version__}",
            on_request=self.on_request,
            on_response=self.on_response,
        )

    def run(self, function: Callable[[AsyncFrontegg], Awaitable[T]]) -> T:
        """Run a coroutine function with a client of the environment, in a new event loop.

        Args:
            function: The function. It receives the client.

        Returns:
            The result of the function.

        Raises:
            CommandError: There is no client id or no secret.
            FronteggError: The function raised the error.
        """

        async def call() -> T:
            async with self.client() as client:
                return await function(client)

        return self.run_alone(call)

    def run_alone(self, function: Callable[[], Awaitable[T]]) -> T:
        """Run a coroutine function that makes its own clients, in a new event loop.

        Args:
            function: The function.

        Returns:
            The result of the function.
        """

        async def run() -> T:
            try:
                return await function()
            except asyncio.CancelledError:
                # A second Ctrl-C stops all tasks. Do not report the errors that tasks of libraries then raise.
                asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
                raise

        return asyncio.run(run())

    def on_request(self, request: RequestSnapshot) -> None:
        """Record a request that is sent. With ``--verbose``, log it.

        Args:
            request: The request, without credentials.
        """
        self.requests += 1
        self.writes.send(request)
        if self.verbose:
            waited = f" after {request.waited:.2f} s" if request.waited >= 0.01 else ""  # noqa: PLR2004 - in seconds
            again = f", attempt {request.attempt}" if request.attempt > 1 else ""
            talk.say(f"> {request.method} {request.template} ({request.operation}{again}){waited}")

    def on_response(self, response: ResponseSnapshot) -> None:
        """Record a response. With ``--verbose``, log it. Report the first rate limit, which may delay the command.

        Args:
            response: The response.
        """
        self.writes.receive(response)
        if response.status == HTTPStatus.TOO_MANY_REQUESTS and not self.is_limited:
            self.is_limited = True
            self.say("the service accepts no more requests at the moment (429): waiting")
        if self.verbose:
            came = response.failure if response.status is None else f"{response.status}, {response.body_size} bytes"
            trace = f", trace id {response.trace_id}" if response.trace_id else ""
            talk.say(f"< {came} in {response.elapsed * 1000:.0f} ms{trace}")

    def check_fields(self, known: Sequence[str]) -> None:
        """Check that the names in ``--fields`` can exist, before the first request is sent.

        Args:
            known: The names of the record's fields; empty if unknown.

        Raises:
            CommandError: A name is unknown.
        """
        check_fields(self.fields, known)

    def show(self, item: object, *, id_field: str = "") -> None:
        """Write one record in the chosen format.

        Args:
            item: A model, a mapping, or a text.
            id_field: The field that ``--output id`` writes. The default is the first id field, such as ``tenant_id``.
        """
        writer = self._writer(one=True, id_field=id_field)
        writer.add(self._written(item, record_of(item)))
        writer.end()

    def show_text(self, text: str) -> None:
        """Write a text unchanged; on a terminal, without control characters.

        Args:
            text: One or more lines.
        """
        whole = text if text.endswith("\n") else f"{text}\n"
        sys.stdout.write(printable_lines(whole) if is_terminal(sys.stdout) else whole)

    async def show_all(
        self,
        items: AsyncIterable[object] | Iterable[object],
        *,
        columns: Sequence[str] = (),
        id_field: str = "",
        what: str = "rows",
        total: int | None = None,
        is_work: bool = False,
    ) -> int:
        """Write records in the chosen format, as they arrive, until the reader of the output leaves.

        Args:
            items: Models, mappings or texts.
            columns: The names of the fields, if known. A CSV file without rows still has these names in its header.
            id_field: The field that ``--output id`` writes. The default is the first id field, such as ``tenant_id``.
            what: The plural noun for the records, for the progress.
            total: The number of records, if known.
            is_work: Whether to iterate all items even if the reader of the output has left.

        Returns:
            The number of records.
        """
        self.check_fields(columns)
        writer = self._writer(columns=columns, id_field=id_field)
        wanted = self.fields
        if self.format == "id":
            wanted = (*wanted, *filter(None, [id_field]), *(name for name in columns if name in IDS))[:1]
        count = 0
        with self.progress(what, with_rows=True) as progress:
            async for item in items if isinstance(items, AsyncIterable) else _awaited(items):
                writer.add(self._written(item, part_of(item, wanted) or record_of(item)))
                count += 1
                if streams.output_is_over() and not is_work:
                    return count
                if count % 200 == 0:
                    progress.update(count, total)
            progress.update(count, total)
        writer.end()
        if not count and self.format == "table":
            self.say(f"no {what}")
        return count

    def _written(self, item: object, record: Record) -> Record:
        """Return a record for its format: in CSV, a field of any JSON value contains JSON text."""
        self.writes.keep(record)
        if self.format != "csv" or not attrs.has(type(item)):
            return record
        texts = {
            name: json_line(record[name])
            for name in json_names(cast("type", type(item)))
            if type(record.get(name)) is str and not isinstance(getattr(item, name), RawText)
        }
        return {**record, **texts} if texts else record

    def _writer(self, *, one: bool = False, columns: Sequence[str] = (), id_field: str = "") -> Writer:
        return writer_of(self.format, sys.stdout, self.fields, one=one, columns=columns, id_field=id_field)


async def _awaited(items: Iterable[object]) -> AsyncIterable[object]:
    for item in items:
        yield item


def part_of(item: object, names: Sequence[str]) -> Record:
    """Return the named attributes of a model; nothing if an attribute needs conversion.

    This is a shortcut for long listings: a model decodes an attribute only when the attribute is read.

    Args:
        item: The model, or any other item.
        names: The attributes.
    """
    found = {name: getattr(item, name, ...) for name in names}
    return found if all(type(value) in _AS_IT_IS for value in found.values()) else {}


def record_of(item: object) -> Record:
    """Return an item as a mapping of names to JSON values. Secrets become null.

    Args:
        item: A model, a mapping, or a text. A text becomes the field ``id``.
    """
    from frontegg_async.models.model import Serializable  # noqa: PLC0415 - only commands with models need it

    if isinstance(item, Serializable):
        return item.to_dict()
    if isinstance(item, str):
        return {"id": item}
    if isinstance(item, dict):
        return cast("Record", item)
    return {"value": item}
