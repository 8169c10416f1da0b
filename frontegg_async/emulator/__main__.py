"""``python -m frontegg_async.emulator`` runs the emulator as a server."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import json
import os
import shlex
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs

from frontegg_async._core.runtime.argument_parser import ArgumentParser
from frontegg_async._core.runtime.replaced_file import replace_file
from frontegg_async._values.printable import printable
from frontegg_async._version import __version__
from frontegg_async.emulator.admin.api import ROOT
from frontegg_async.emulator.checks.arguments import MAX_PORT
from frontegg_async.emulator.checks.json_input import read_json
from frontegg_async.emulator.dashboard.static_files import ADDRESS
from frontegg_async.emulator.http.allowed_hosts import check_allowed_hosts
from frontegg_async.emulator.http.server import EmulatorServer
from frontegg_async.emulator.store.switches import DEFAULT, LOOSE
from frontegg_async.emulator.world.demo_data import DEMO_PASSWORD, DEMO_USER, demo_seed
from frontegg_async.emulator.world.emulated_environment import DEFAULT_CLIENT_ID, DEFAULT_SECRET, EmulatedSettings
from frontegg_async.emulator.world.journal import MAX_ENTRIES
from frontegg_async.emulator.world.seeds import Seed, read_seed
from frontegg_async.emulator.world.start import start_world
from frontegg_async.emulator.world.world import World
from frontegg_async.errors import ConfigurationError, FronteggError
from frontegg_async.regions import BaseUrl, parse_base_url

PUBLIC_URL: Final = "FRONTEGG_EMULATOR_PUBLIC_URL"
_EPILOG: Final = f"""\
When the server is ready, it prints the ready line: JSON with url, client_id, secret, pid and version.
With --demo, the server also prints the address of the dashboard and a client's settings to standard error.
The environment {DEFAULT_CLIENT_ID} with the secret {DEFAULT_SECRET} always exists. POST {ROOT}/environments
adds more environments. Seed, snapshot, clock, faults, journal and the OpenAPI document are under {ROOT}/ too.
The dashboard for the browser is at {ADDRESS}. SIGTERM and SIGINT end the server with status 0.
"""


@attrs.frozen(kw_only=True)
class Arguments:
    """The parsed arguments of the command line."""

    host: str
    port: int
    seed: Path | None
    demo: bool
    public_url: BaseUrl | None
    persist: Path | None
    ready_file: Path | None
    allow_nonloopback: bool
    allow_hosts: Sequence[str]
    allow_nonloopback_hooks: bool
    loose: bool
    rate_limit: int | None
    max_journal: int
    journal_bodies: bool


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= MAX_PORT:
        raise ValueError(text)
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def _host_name(text: str) -> str:
    try:
        (name,) = check_allowed_hosts([text])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return name


def _public_url(text: str) -> BaseUrl:
    try:
        found = parse_base_url(text)
    except ConfigurationError:
        found = None
    if found is None or found.prefix or found.is_frontegg:
        raise argparse.ArgumentTypeError(
            f"{text!r} must be http://host[:port] or https://host[:port], and not a host of the service"
        )
    return found


_port.__name__ = "port"
_positive.__name__ = "number"


def parse(arguments: Sequence[str] | None, program: str) -> Arguments:
    """Parse the command line. If the command line is not valid, the program ends."""
    parser = ArgumentParser(
        program,
        "Serve an emulator of Frontegg's accounts (tenants) API on this machine.",
        _EPILOG,
        examples=("--demo", "--port 8080 --persist state.sqlite3"),
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="the port to listen on (default: a free port)")
    parser.add_argument(
        "--public-url",
        type=_public_url,
        default=os.environ.get(PUBLIC_URL) or None,
        metavar="URL",
        help="the address by which clients reach the emulator, such as http://emulator:8080 in docker compose. It is "
        f"the issuer of tokens and the url of the ready line (default: {PUBLIC_URL}, or the listening address)",
    )
    data = parser.add_mutually_exclusive_group()
    data.add_argument(
        "--seed",
        type=Path,
        metavar="FILE",
        help="a JSON file with tenants and users. It is ignored if the file of --persist has data",
    )
    data.add_argument(
        "--demo",
        action="store_true",
        help="start with some example tenants and users, and print how to use them. They are ignored if the file of "
        "--persist has data",
    )
    parser.add_argument("--persist", type=Path, metavar="FILE.sqlite3", help="store all data in this SQLite file")
    parser.add_argument("--ready-file", type=Path, metavar="PATH", help="write the ready line to this file too")
    parser.add_argument(
        "--allow-nonloopback",
        action="store_true",
        help="allow a --host that other machines can reach. Everybody there has full access without credentials",
    )
    parser.add_argument(
        "--allow-host",
        type=_host_name,
        action="append",
        default=[],
        dest="allow_hosts",
        metavar="NAME",
        help="accept requests for this host name, such as 'emulator' in docker compose, besides localhost and IP "
        "addresses. The option may be repeated",
    )
    parser.add_argument(
        "--allow-nonloopback-hooks",
        action="store_true",
        help="call webhooks and prehooks on other machines too",
    )
    parser.add_argument("--loose", action="store_true", help="ignore unknown body fields instead of refusing them")
    parser.add_argument(
        "--rate-limit", type=_positive, metavar="N", help="respond with 429 to more than N requests a minute on a route"
    )
    parser.add_argument(
        "--max-journal",
        type=_positive,
        default=MAX_ENTRIES,
        metavar="N",
        help="keep the last N requests in the journal (default: %(default)s)",
    )
    parser.add_argument(
        "--no-journal-bodies",
        action="store_false",
        dest="journal_bodies",
        help="do not keep the headers and bodies of the last 1,000 requests. By default the dashboard shows them, with "
        "secrets redacted",
    )
    parser.add_argument("--version", action="version", version=__version__)
    return Arguments(**vars(parser.parse_args(arguments)))


def check_host(host: str, *, allow_nonloopback: bool) -> str:
    """Return the address to listen on.

    Raises:
        ConfigurationError: Other machines could reach the address, and that was not allowed.
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback and not allow_nonloopback:
        raise ConfigurationError(f"the host {host} is not on the loopback interface; --allow-nonloopback allows it")
    return host


def build_world(arguments: Arguments) -> World:
    """Create the world (the state of the whole emulator) from the persistence file or the seed.

    Raises:
        ConfigurationError: The persistence file or the seed file cannot be used.
        MissingExtraError: cryptography is not installed.
    """
    settings = EmulatedSettings(rate_limit=arguments.rate_limit, switches=LOOSE if arguments.loose else DEFAULT)
    seed = read_seed(demo_seed()) if arguments.demo else None
    if arguments.seed is not None:
        seed = read_seed_file(arguments.seed)
    try:
        started = start_world(
            settings,
            seed=seed,
            persist=arguments.persist,
            max_journal=arguments.max_journal,
            journal_bodies=arguments.journal_bodies,
        )
    except ConfigurationError:
        raise
    except ValueError as error:
        raise _bad_seed(arguments.seed, error) from error
    if started.restored and seed is not None:
        given = "the data of --demo" if arguments.demo else f"the seed file {arguments.seed}"
        say(f"{given} is ignored: {arguments.persist} has data")
    return started.world


def instructions(world: World, url: BaseUrl) -> str:
    """Return the text that tells the user of ``--demo`` how to use the emulator."""
    one = world.default
    variables = {
        "FRONTEGG_BASE_URL": str(url),
        "FRONTEGG_CLIENT_ID": one.client_id,
        "FRONTEGG_SECRET_KEY": one.secret,
    }
    if str(url).startswith("http://") and not url.is_loopback:
        variables["FRONTEGG_ALLOW_HTTP"] = "1"
    exports = "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())
    counts = f"{len(one.state.tenants)} tenants and {len(one.state.users)} users"
    return f"""
{counts}, such as {DEMO_USER} with the password {DEMO_PASSWORD}.

Dashboard: {url}{ADDRESS}

In the shell of your program (in PowerShell, write $env:NAME = 'value' for export NAME=value):

{exports}

Ctrl-C ends the emulator.
"""


def read_seed_file(path: Path) -> Seed:
    """Read a seed file.

    Raises:
        ConfigurationError: The file cannot be read, or is not a seed.
    """
    try:
        return read_seed(read_json(path.read_bytes(), "it"))
    except OSError as error:
        raise ConfigurationError(f"the seed file {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise _bad_seed(path, error) from error


def _bad_seed(path: Path | None, error: Exception) -> ConfigurationError:
    return ConfigurationError(f"the seed file {path} is not valid: {' '.join(str(error).split())}")


def say(text: str) -> None:
    """Print a message as one line to standard error."""
    print(f"frontegg emulator: {printable(text)}", file=sys.stderr)  # noqa: T201 - a message of the command


def write_ready_file(path: Path, line: str) -> None:
    """Write the ready file atomically: a reader sees the whole line or no file.

    Raises:
        ConfigurationError: The ready file cannot be written.
        InvalidArgumentError: The path is a SQLite database.
    """
    if not path.name:
        raise ConfigurationError(f"the ready file must be the path of a file, not {str(path)!r}")
    try:
        replace_file(path, f"{line}\n", is_private=True)  # the line contains the secret
    except OSError as error:
        raise ConfigurationError(f"the ready file {path} cannot be written: {error.strerror}") from error


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError):
        return "it is not a host name"
    if isinstance(error, socket.gaierror) or error.errno is None:
        return error.strerror or str(error)
    return os.strerror(error.errno)


async def serve(arguments: Arguments) -> None:
    """Serve requests until SIGTERM or SIGINT arrives.

    Raises:
        ConfigurationError: An argument cannot be used.
        MissingExtraError: cryptography is not installed.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C arrives as KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host = check_host(arguments.host, allow_nonloopback=arguments.allow_nonloopback)
    public = arguments.public_url
    names = () if public is None or public.host.startswith("[") else (public.host,)
    server = EmulatorServer(build_world(arguments), (*arguments.allow_hosts, *names), arguments.allow_nonloopback_hooks)
    try:
        url = await server.start(host, arguments.port, None if public is None else public.origin)
    except (OSError, UnicodeError) as error:  # an invalid host name is a UnicodeError
        await server.stop()
        raise ConfigurationError(f"cannot listen on {host} port {arguments.port}: {_reason(error)}") from error
    try:
        default = server.world.default
        line = json.dumps(
            {
                "url": url,
                "client_id": default.client_id,
                "secret": default.secret,
                "pid": os.getpid(),
                "version": __version__,
            }
        )
        if arguments.ready_file is not None:
            write_ready_file(arguments.ready_file, line)
        if public is not None:
            say(f"listening at {server.local_url}")
        print(line, flush=True)  # noqa: T201 - the ready line
        if arguments.demo:
            print(instructions(server.world, parse_base_url(url)), file=sys.stderr, flush=True)  # noqa: T201 - as above
        await stop.wait()
    finally:
        await server.stop()


def main(arguments: Sequence[str] | None = None, program: str = "python -m frontegg_async.emulator") -> int:
    """Run the emulator and return the exit status. ``program`` is the name of the program in its help."""
    parsed = parse(arguments, program)
    try:
        asyncio.run(serve(parsed))
    except FronteggError as error:
        say(error.message)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
