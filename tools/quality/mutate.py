"""Mutation testing of the policies with mutmut: change the code in one place, and check that a test fails.

Usage: ``python tools/quality/mutate.py [--sample N] [--seed N]``, in an environment with the group ``mutants``. The
settings are in ``[tool.mutmut]`` of ``pyproject.toml``. The tool changes copies in ``build/mutants``, where ``mutmut
browse`` shows them. Mutants that the type checker refuses do not count. The last line is JSON. The exit status is 1 if
the tests detect too few mutants.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from quality.policies import ROOT, TESTS

WORK: Final = ROOT / "build" / "mutants"
COPIED: Final = ("examples", "frontegg_async", "frontegg_sync", "tests", "tools")
FLOOR: Final = 90.0
"""The lowest allowed percentage of detected mutants. A sample may be two standard deviations below."""
NOTICED: Final = frozenset({"killed", "segfault", "timeout"})
REFUSED: Final = "caught by type check"


def copy() -> None:
    """Copy the modules and their tests, so that the checkout stays unchanged."""
    shutil.rmtree(WORK, ignore_errors=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, WORK / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", WORK)
    modules = "\n".join(test.removesuffix(".py").replace("/", ".") for test in TESTS)
    (WORK / "preload.txt").write_text(modules, encoding="utf-8")


def mutants() -> list[str]:
    """Return the names of all mutants. mutmut itself lists only the mutants that it has run."""
    from mutmut.mutation.file_mutation import mutate_file_contents  # noqa: PLC0415 - only in the environment of this tool
    from mutmut.utils.file_utils import walk_mutatable_files  # noqa: PLC0415 - likewise
    from mutmut.utils.format_utils import get_mutant_name  # noqa: PLC0415 - likewise

    with contextlib.chdir(WORK):
        return [
            get_mutant_name(path, name)
            for path in sorted(walk_mutatable_files())
            for name in mutate_file_contents(str(path), path.read_text(encoding="utf-8")).mutant_names
        ]


def mutmut(*arguments: str, stdout: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of mutmut, with the type checker on the path."""
    beside = Path(sys.executable).parent
    # mutmut keeps the tests of a mutant in a set, whose order depends on the hash seed.
    environment = {**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "PYTHONHASHSEED": "0"}
    command = [str(beside / "mutmut"), *arguments]
    return subprocess.run(command, cwd=WORK, env=environment, check=True, text=True, stdout=stdout)


def verdicts() -> dict[str, str]:
    """Return the verdict of each mutant."""
    lines = mutmut("results", "--all", "true", stdout=subprocess.PIPE).stdout.splitlines()
    return dict(line.strip().split(": ", 1) for line in lines if ": " in line)


def main() -> int:
    """Run the mutants; return 1 if the tests detect too few."""
    parser = argparse.ArgumentParser(description="Test the tests of the policies by small changes of the code.")
    parser.add_argument("--sample", type=int, help="the number of mutants, drawn at random (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample (default: 1)")
    options = parser.parse_args()
    copy()
    known = mutants()
    chosen = random.Random(options.seed).sample(known, options.sample) if options.sample else []  # noqa: S311 - no secret
    try:
        # Two processes for a core, since many wait for the timeout of a hanging mutant.
        mutmut("run", "--max-children", str(2 * (os.cpu_count() or 1)), *chosen)
    except subprocess.CalledProcessError as error:
        print(f"mutants: mutmut failed, status {error.returncode}; see above")
        return 1
    found = verdicts()
    judged = {name: found[name] for name in chosen or known if found[name] != REFUSED}
    score = 100 * sum(verdict in NOTICED for verdict in judged.values()) / max(1, len(judged))
    survivors = sorted(name for name, verdict in judged.items() if verdict not in NOTICED)
    print(*(f"{name}: {judged[name]}" for name in survivors), sep="\n")
    floor = FLOOR - 2 * math.sqrt(FLOOR * (100 - FLOOR) / max(1, len(judged))) if options.sample else FLOOR
    print(f"mutants: {dict(Counter(judged.values()))}; score {score:.1f} %, floor {floor:.1f} %")
    figures = {"mutants": len(judged), "known": len(known), "score": score, "floor": floor, "survivors": survivors}
    print(json.dumps(figures))
    return int(score < floor)


if __name__ == "__main__":
    sys.exit(main())
