"""``python -m frontegg_async.conformance``: checks whether the service behaves as this SDK expects."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Final

import attrs

from frontegg_async._core.checks.settings import read_environment
from frontegg_async._core.runtime.argument_parser import ArgumentParser
from frontegg_async._core.runtime.ending_signals import ended_like_ctrl_c
from frontegg_async._values.printable import printable_lines
from frontegg_async._version import __version__
from frontegg_async.conformance.budget import DEFAULT_RATE, DEFAULT_REQUESTS, Budget
from frontegg_async.conformance.check import CheckStatus
from frontegg_async.conformance.made import DEFAULT_FILE, Made
from frontegg_async.conformance.report import check_report_path, write_report
from frontegg_async.conformance.run import Run, make_probe, place_of
from frontegg_async.errors import ConfigurationError, FronteggError, InvalidArgumentError

_HELD: Final = 0
_DIFFERS: Final = 1
_REFUSED: Final = 2
_INTERRUPTED: Final = 130
_SIGNALLED: Final = 128
"""The number that a shell adds to a signal's number for the exit status."""
_LEAST: Final = 10
_EPILOG: Final = """\
The variables FRONTEGG_CLIENT_ID, FRONTEGG_SECRET_KEY and FRONTEGG_REGION or FRONTEGG_BASE_URL select the environment.
Requests with tokens of users also need FRONTEGG_DOMAIN, the environment's sub-domain. The exit status is 0 if every
behaviour that was tried holds, 1 if a behaviour differs or objects of the run may be left, 2 if the kit refused to run
or most requests failed, 130 after Ctrl-C, and 143 after SIGTERM.
"""


@attrs.frozen(kw_only=True)
class Arguments:
    """The arguments of the command line."""

    base_url: str | None
    write: bool
    yes: bool
    clean: bool
    budget: int
    rate: float | None
    report: list[Path]
    state: Path


def _budget(text: str) -> int:
    value = int(text)
    if value < _LEAST:
        raise argparse.ArgumentTypeError(f"{text} requests are too few; at least {_LEAST} are needed")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 60_000:  # noqa: PLR2004 - a thousand a second
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to 60000 requests a minute")
    return value


def _report(text: str) -> Path:
    try:
        return check_report_path(text)
    except InvalidArgumentError as error:
        raise argparse.ArgumentTypeError(error.message) from None


_budget.__name__ = "number"
_rate.__name__ = "number"


def parse(arguments: Sequence[str] | None, program: str) -> Arguments:
    """Parse the command line. An invalid command line ends the program with the status 2."""
    parser = ArgumentParser(
        program,
        "Check whether the service behaves as this SDK expects. The kit only reads, unless --write is given.",
        _EPILOG,
        examples=("--base-url http://127.0.0.1:8080 --write --yes", "--report report.md"),
    )
    parser.add_argument("--base-url", metavar="URL", help="the address of the service or of an emulator")
    parser.add_argument(
        "--write",
        action="store_true",
        help="also try writes, on accounts that the kit makes and deletes; refused in production",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before --write")
    parser.add_argument("--clean", action="store_true", help="only delete the objects that a killed run left")
    parser.add_argument(
        "--budget",
        type=_budget,
        default=DEFAULT_REQUESTS,
        metavar="N",
        help=f"the maximum number of requests, including clean-up: {_LEAST} or more (default: %(default)s)",
    )
    parser.add_argument(
        "--rate",
        type=_rate,
        metavar="N",
        help=f"the maximum number of requests a minute: 1 to 60000 (default: {DEFAULT_RATE}, and no limit at a "
        "loopback address)",
    )
    parser.add_argument(
        "--report",
        type=_report,
        action="append",
        default=[],
        metavar="FILE",
        help="write a report as JSON (.json) or Markdown (.md), without data of the environment; may be repeated",
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(DEFAULT_FILE),
        metavar="FILE",
        help="the file that lists the objects of the run until they are deleted (default: %(default)s)",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parsed = Arguments(**vars(parser.parse_args(arguments)))
    if parsed.clean and (parsed.write or parsed.report):
        parser.error("--clean cannot be combined with --write or --report")
    state = parsed.state.resolve()
    if any(path.resolve() == state for path in parsed.report):
        parser.error(f"--report and --state name the same file, {parsed.state}: the report would replace the record")
    return parsed


def main(
    arguments: Sequence[str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    say: Callable[[str], object] | None = None,
    ask: Callable[[str], str] | None = None,
    program: str = "python -m frontegg_async.conformance",
) -> int:
    """Run the kit and return the exit status.

    SIGTERM, and the SIGHUP of a closed terminal, end a run like Ctrl-C: the run cleans up first.

    Args:
        arguments: The command-line arguments; the arguments of the process by default.
        environ: The environment variables; the variables of the process by default.
        say: Receives each line of output. By default lines go to standard output.
        ask: Asks the user at the terminal and returns the reply; by default `input`, if there is a terminal.
        program: The name of the program in its help.
    """
    parsed = parse(arguments, program)
    variables = dict(os.environ if environ is None else environ)
    if parsed.base_url is not None:
        variables["FRONTEGG_BASE_URL"] = parsed.base_url
    if ask is None and sys.stdin is not None and sys.stdin.isatty():
        ask = input
    in_main_thread = threading.current_thread() is threading.main_thread()
    with ended_like_ctrl_c() if in_main_thread else nullcontext(list[int]()) as signals:
        try:
            status = _run(parsed, variables, _write if say is None else say, ask)
        except FronteggError as error:
            _complain(error.message)
            status = _REFUSED
        except (KeyboardInterrupt, EOFError, BrokenPipeError):
            _complain(
                "interrupted" + (f"; --clean deletes the objects in {parsed.state}" if parsed.state.exists() else "")
            )
            status = _INTERRUPTED
    return _SIGNALLED + signals[0] if signals and status == _INTERRUPTED else status


def _write(line: str) -> None:
    try:
        print(printable_lines(line), flush=True)  # noqa: T201 - what a command says
    except OSError as error:
        # Drop further output: the run ends, and its clean-up must not fail on messages.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # the reader closed the pipe
            raise
        raise ConfigurationError(f"standard output cannot be written: {error.strerror}") from None


def _complain(text: str) -> None:
    with suppress(OSError):
        print(printable_lines(f"frontegg conformance: {text}"), file=sys.stderr)  # noqa: T201 - as above


def _run(
    parsed: Arguments, variables: Mapping[str, str], say: Callable[[str], object], ask: Callable[[str], str] | None
) -> int:
    if (parsed.write or parsed.clean) and read_environment(variables).read_only:
        option = "--clean" if parsed.clean else "--write"
        raise ConfigurationError(f"{option} is refused, since FRONTEGG_READ_ONLY says that nothing may be written")
    # The rate is set later: it depends on the address, which the client checks first.
    budget = Budget(parsed.budget, None)
    probe = make_probe(variables, budget)
    rate = parsed.rate or (None if probe.client.base_url.is_loopback else DEFAULT_RATE)
    budget.limit(rate)
    run = Run(probe=probe, say=say)
    place = place_of(probe.client, variables)
    if parsed.clean:
        return asyncio.run(_clean(run, Made.read(parsed.state), place))
    asyncio.run(run.look())
    if parsed.write:
        run.refuse_production()
    say(run.plan(writes=parsed.write, rate=rate, record=parsed.state))
    made = None
    if parsed.write:
        _confirm(parsed, ask)
        made = Made.begin(parsed.state, place)
    finished = asyncio.run(_check(run, made))
    report = run.report(made)
    say("\n".join(["", *report.answer_lines, ""]))
    say(report.summary)
    for path in parsed.report:
        write_report(report, path)
    if not finished:
        return _INTERRUPTED
    if probe.asked > 2 * probe.answered:
        raise ConfigurationError("most requests failed, so the results are no evidence: run the kit again later")
    return _DIFFERS if report.count(CheckStatus.DIFFERS) or report.left else _HELD


def _confirm(parsed: Arguments, ask: Callable[[str], str] | None) -> None:
    if parsed.yes:
        return
    if ask is None:
        raise ConfigurationError(
            "--write was not confirmed: there is no terminal to ask at; --yes writes without a question"
        )
    if ask("Continue? [y/N] ").strip().lower() not in ("y", "yes"):
        raise ConfigurationError("--write was not confirmed: nothing was written")


async def _check(run: Run, made: Made | None) -> bool:
    try:
        return await run.check_all(made)
    finally:
        await run.probe.client.aclose()


async def _clean(run: Run, made: Made, place: str) -> int:
    if made.place != place:
        raise ConfigurationError(
            f"{made.path} belongs to a run against another environment: run --clean with the settings of that "
            "environment"
        )
    try:
        return _HELD if await run.clean(made) else _DIFFERS
    finally:
        await run.probe.client.aclose()


if __name__ == "__main__":
    sys.exit(main())
