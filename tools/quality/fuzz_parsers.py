"""Fuzz the parsers of untrusted input with atheris: headers, bodies, addresses, routes and tokens.

Usage: ``python tools/quality/fuzz_parsers.py [--seconds N] [--keep DIRECTORY] [TARGET ...]``, in an environment with
the dependency group ``fuzz`` (``make fuzz`` creates one). Each target runs for N seconds, two at a time, from generated
seeds. The exit status is 1 if an input violates a property. The output names the file of this input.
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

ROOT: Final = Path(__file__).resolve().parents[2]
NAMES: Final = ("headers", "bodies", "addresses", "routes", "tokens")
_RUNS: Final = re.compile(r"Done (\d+) runs|stat::number_of_executed_units: (\d+)")
_CRASH: Final = "=== Uncaught Python exception"
_TAIL: Final = 2_000
_SLOWEST: Final = 10
"""The time limit of one input, in seconds."""


def fuzz_here(name: str, arguments: Sequence[str]) -> None:
    """Fuzz one target in this process; libFuzzer ends the process."""
    atheris = importlib.import_module("atheris")
    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["frontegg_async"]):
        module = importlib.import_module(f"quality.fuzz_targets.{name}")
    atheris.Setup([sys.argv[0], *arguments], module.TARGET.run)
    atheris.Fuzz()


def write_seeds(name: str, corpus: Path) -> None:
    """Write the seeds of a target, in a process that imports it."""
    code = (
        "import importlib, sys, pathlib\n"
        "target = importlib.import_module('quality.fuzz_targets.' + sys.argv[1]).TARGET\n"
        "for number, seed in enumerate(target.seeds()):\n"
        "    (pathlib.Path(sys.argv[2]) / f'seed-{number:04}').write_bytes(seed)\n"
    )
    subprocess.run([sys.executable, "-c", code, name, str(corpus)], check=True, env=_environment())


def start(name: str, seconds: int, directory: Path) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a target; return its process and its output file."""
    corpus = directory / name
    corpus.mkdir(parents=True, exist_ok=True)
    write_seeds(name, corpus)
    output = directory / f"{name}.txt"
    options = [f"-max_total_time={seconds}", "-seed=1", f"-timeout={_SLOWEST}", "-rss_limit_mb=2048", "-max_len=8192"]
    command = [
        sys.executable,
        __file__,
        "--here",
        name,
        *options,
        f"-artifact_prefix={directory}/{name}-",
        "-print_final_stats=1",
    ]
    with output.open("wb") as sink:
        process = subprocess.Popen([*command, str(corpus)], stdout=sink, stderr=subprocess.STDOUT, env=_environment())
    return process, output


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tools")])}


def finish(name: str, process: subprocess.Popen[bytes], output: Path) -> bool:
    """Wait for a target and print the result; return whether no input violated a property."""
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
def work_directory(keep: Path | None) -> Iterator[Path]:
    """Yield a directory. It is kept if it was given, or if an input violated a property."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    directory = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="frontegg-fuzz-"))
    yield directory


def main() -> int:
    """Fuzz the targets; return 1 if an input violates a property."""
    parser = argparse.ArgumentParser(description="Fuzz the parsers of untrusted input.")
    parser.add_argument("targets", nargs="*", default=NAMES, metavar="TARGET", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=int, default=60, help="seconds for each target (default: 60)")
    parser.add_argument("--keep", type=Path, help="a directory to keep inputs and output in")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(NAMES):
        parser.error(f"no target {', '.join(sorted(unknown))}")
    started = time.monotonic()
    results: list[bool] = []
    with work_directory(options.keep) as directory:
        for first in range(0, len(options.targets), 2):
            pair = [(name, *start(name, options.seconds, directory)) for name in options.targets[first : first + 2]]
            results += [finish(*each) for each in pair]
    verdict = "nothing found" if all(results) else "FAILURES"
    print(f"fuzz: {len(results)} targets, {verdict}, {time.monotonic() - started:.0f} s")
    return int(not all(results))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        fuzz_here(sys.argv[2], sys.argv[3:])
    sys.exit(main())
