"""Count the instructions of programs with valgrind. The counts are reproducible to seven digits.

Usage: ``python tools/quality/instructions.py [--calls N] [--setup CODE] CODE...``. Without ``--calls``, each code is a
program, and the tool counts the instructions of its process. With ``--calls``, the tool counts the instructions of a
call: one process runs the code a few times after the setup, another process N times more. The difference is divided by
N. Each output line has a count and its code.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

_REFERENCES: Final = re.compile(r"I +refs: +([\d,]+)")
_FEW: Final = 5


def count_program(code: str) -> int:
    """Return the instructions of a program from its start to its end.

    Args:
        code: The program.

    Raises:
        FileNotFoundError: valgrind is not installed.
        CalledProcessError: The program failed.
    """
    argv = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    # String hashes decide the layout of dictionaries.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    argv += [sys.executable, "-c", code]
    process = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    found = _REFERENCES.search(process.stderr)
    if found is None:
        raise ValueError(f"valgrind printed no count: {process.stderr}")
    return int(found[1].replace(",", ""))


def count_call(code: str, *, setup: str, calls: int) -> int:
    """Return the instructions of a call, without the start and the end of its process.

    Args:
        code: The call.
        setup: The code that runs once before the calls.
        calls: The number of counted calls.
    """
    few, many = (count_program(f"{setup}\nfor _ in range({each}):\n    {code}\n") for each in (_FEW, _FEW + calls))
    return (many - few) // calls


def main() -> None:
    """Print a line for each code."""
    parser = argparse.ArgumentParser(description="Count the instructions of programs, or of calls.")
    parser.add_argument("codes", nargs="+", metavar="CODE", help="a program, or the code of a call in one line")
    parser.add_argument("--calls", type=int, help="count the instructions of one call, averaged over N calls")
    parser.add_argument("--setup", default="pass", metavar="CODE", help="code that runs once before the calls")
    options = parser.parse_args()
    count = partial(count_call, setup=options.setup, calls=options.calls) if options.calls else count_program
    with ThreadPoolExecutor(2) as pool:
        for code, counted in zip(options.codes, pool.map(count, options.codes), strict=True):
            print(counted, code)


if __name__ == "__main__":
    main()
