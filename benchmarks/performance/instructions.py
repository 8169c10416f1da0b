"""Count the instructions of a call with valgrind: the count repeats to seven figures."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from benchmarks.performance import rounds

_REFERENCES: Final = re.compile(r"I +refs: +([\d,]+)")
_FEW: Final = 5
_MANY: Final = 25
_CODE: Final = """\
import importlib, sys
module, _, function = sys.argv[1].partition(":")
call = getattr(importlib.import_module(module), function)()[sys.argv[2]]
for _ in range(int(sys.argv[3])):
    call()
"""


def count(function: str, names: Sequence[str]) -> dict[str, float] | None:
    """Return the instructions of one call of each candidate, or ``None`` if valgrind is not installed.

    One process makes a few calls and another makes many; the difference excludes start and end.

    Args:
        function: The function that returns the candidates by name, as ``module:function``.
        names: The candidates to count.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    with ThreadPoolExecutor(rounds.cores()) as pool:
        totals = list(
            pool.map(
                lambda each: _total(valgrind, function, *each), [(name, n) for name in names for n in (_FEW, _MANY)]
            )
        )
    pairs = zip(totals[::2], totals[1::2], strict=True)
    return {name: (many - few) / (_MANY - _FEW) for name, (few, many) in zip(names, pairs, strict=True)}


def _total(valgrind: str, function: str, name: str, calls: int) -> int:
    argv = [valgrind, "--tool=callgrind", f"--callgrind-out-file={os.devnull}", sys.executable]
    argv += ["-c", _CODE, function, name, str(calls)]
    # String hashes decide the layout of dictionaries.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    process = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    found = _REFERENCES.search(process.stderr)
    assert found is not None, process.stderr
    return int(found[1].replace(",", ""))
