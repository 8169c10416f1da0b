"""Mutation testing of the policies: change the code in one place at a time, and see whether a test detects it.

Usage: ``python tools/mutate.py [--sample N] [--seed N] [--only TEXT] [--covering FILE] [--json]``. A mutant that no
test detects must be listed in ``tools/mutants/survivors.toml`` with a reason. The run fails when one is not listed,
when a listed one is detected or does not exist, and when less than 90 % are detected.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "examples")]

from mutants.line_coverage import record  # noqa: E402 - of this checkout, wherever it is run from
from mutants.run import Settings, run  # noqa: E402 - likewise


def main() -> int:
    """Run the mutants; return 1 when the tests detect too few."""
    parser = argparse.ArgumentParser(description="Test the tests of the policies by small changes of the code.")
    parser.add_argument("--sample", type=int, help="the number of mutants, drawn at random (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample (default: 1)")
    parser.add_argument("--only", default="", help="only mutants whose description has this text")
    parser.add_argument("--json", action="store_true", help="print JSON in the last line")
    parser.add_argument("--covering", type=Path, help="a file for the coverage: read if it exists, else written")
    parser.add_argument("--record", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.record:
        return record(options.record[1:], Path(options.record[0]))
    wanted = Settings(options.sample, options.seed, options.only, options.covering, as_json=options.json)
    return run(wanted)


if __name__ == "__main__":
    sys.exit(main())
