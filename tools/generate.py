"""Generate ``frontegg_sync`` and parts of ``frontegg_async``; with ``--check``, report whether anything would change.

Usage: ``python tools/generate.py [--check] [--root DIRECTORY]``. The tool reads the source as text, so the result does
not depend on the version of Python.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator.package import differences, generate, write
from generator.rules import GeneratorError, Rules


def main() -> int:
    """Generate or check; return 1 on an error or a difference."""
    parser = argparse.ArgumentParser(description="Generate frontegg_sync and parts of frontegg_async.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if something would change")
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).resolve().parent.parent, help="the directory of both packages"
    )
    arguments = parser.parse_args()
    root: Path = arguments.root.resolve()
    try:
        texts = generate(root, Rules())
        if not arguments.check:
            write(root, texts)
            return 0
    except GeneratorError as error:
        print(f"generate: {error}", file=sys.stderr)
        return 1
    found = list(differences(root, texts))
    for line in found:
        print(f"generate: {line}", file=sys.stderr)
    if found:
        print("generate: run make generate, and commit the result", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
