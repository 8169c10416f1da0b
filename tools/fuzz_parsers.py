"""Fuzz the parsers of what comes from outside with atheris: headers, bodies, addresses, routes and tokens.

Usage: ``python tools/fuzz_parsers.py [--seconds N] [--keep DIRECTORY] [TARGET ...]``, from an environment with the
dependency group ``fuzz`` (``make fuzz`` has one). Each target runs so many seconds, two at a time, from seeds that are
made here. It fails when an input breaks a property, and says where that input is.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAMES: Final = ("headers", "bodies", "addresses", "routes", "tokens")
_RUNS: Final = re.compile(r"Done (\d+) runs|stat::number_of_executed_units: (\d+)")
_CRASH: Final = "=== Uncaught Python exception"
_TAIL: Final = 2_000
_SLOWEST: Final = 10
"""Seconds that one input may take."""


def fuzz_here(name: str, arguments: Sequence[str]) -> None:
    """Fuzz one target in this process; libFuzzer ends it."""
    atheris = importlib.import_module("atheris")
    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["frontegg_async"]):
        module = importlib.import_module(f"fuzz_targets.{name}")
    atheris.Setup([sys.argv[0], *arguments], module.TARGET.run)
    atheris.Fuzz()


def sow(name: str, corpus: Path) -> None:
    """Write the seeds of a target, by a process that has it."""
    code = (
        "import importlib, sys, pathlib\n"
        "target = importlib.import_module('fuzz_targets.' + sys.argv[1]).TARGET\n"
        "for number, seed in enumerate(target.seeds()):\n"
        "    (pathlib.Path(sys.argv[2]) / f'seed-{number:04}').write_bytes(seed)\n"
    )
    subprocess.run([sys.executable, "-c", code, name, str(corpus)], check=True, env=_environment())


def start(name: str, seconds: int, place: Path) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a target; return its process and the file of what it says."""
    corpus = place / name
    corpus.mkdir(parents=True, exist_ok=True)
    sow(name, corpus)
    output = place / f"{name}.txt"
    options = [f"-max_total_time={seconds}", "-seed=1", f"-timeout={_SLOWEST}", "-rss_limit_mb=2048", "-max_len=8192"]
    command = [
        sys.executable,
        __file__,
        "--here",
        name,
        *options,
        f"-artifact_prefix={place}/{name}-",
        "-print_final_stats=1",
    ]
    with output.open("wb") as sink:
        process = subprocess.Popen([*command, str(corpus)], stdout=sink, stderr=subprocess.STDOUT, env=_environment())
    return process, output


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tools")])}


def finish(name: str, process: subprocess.Popen[bytes], output: Path) -> bool:
    """Wait for a target; say how it went, and return whether nothing was found."""
    code = process.wait()
    text = output.read_text(encoding="utf-8", errors="replace")
    runs = [int(first or second) for first, second in _RUNS.findall(text)]
    if code or not runs:
        print(text[text.rfind(_CRASH) :] if _CRASH in text else text[-_TAIL:])
        print(f"fuzz {name}: FOUND SOMETHING; the input is in a file {output.parent}/{name}-*")
        return False
    print(f"fuzz {name}: {max(runs):,} inputs, nothing found", flush=True)
    return True


@contextmanager
def workplace(keep: Path | None) -> Iterator[Path]:
    """Yield a directory that stays when something was found, or when it was asked for."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    place = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="frontegg-fuzz-"))
    yield place


def main() -> int:
    """Fuzz the targets; return 1 when something was found."""
    parser = argparse.ArgumentParser(description="Fuzz the parsers of what comes from outside.")
    parser.add_argument("targets", nargs="*", default=NAMES, metavar="TARGET", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument("--keep", type=Path, help="a directory to keep inputs and output in")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(NAMES):
        parser.error(f"no target {', '.join(sorted(unknown))}")
    started = time.monotonic()
    results: list[bool] = []
    with workplace(options.keep) as place:
        for first in range(0, len(options.targets), 2):
            pair = [(name, *start(name, options.seconds, place)) for name in options.targets[first : first + 2]]
            results += [finish(*each) for each in pair]
    verdict = "nothing found" if all(results) else "FAILURES"
    print(f"fuzz: {len(results)} targets, {verdict}, {time.monotonic() - started:.0f} s")
    return int(not all(results))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        fuzz_here(sys.argv[2], sys.argv[3:])
    sys.exit(main())
