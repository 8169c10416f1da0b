"""Print the table of several runs in ``RESULTS.md``: ``python -m benchmarks.performance.side_by_side FILE...``.

Each file is what ``python -m benchmarks.performance --json`` printed. A row is a measure that has a goal, or that shows
the same without the SDK; a column is a run. What missed its goal is bold.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from benchmarks.performance.measures import Measure, figure_text, goal_text

WITHOUT_OURS: Final = "the same without"
"""What the names of measures have that are of a program without the SDK."""

Report: TypeAlias = Mapping[str, Any]
"""A run, as its JSON says it."""

_Row: TypeAlias = tuple[str, str]
"""The names of a goal and of a measure."""


def side_by_side(reports: Sequence[Report]) -> str:
    """Return the table of some runs in Markdown, with the rows in the order of the first run that has them.

    Args:
        reports: The runs.
    """
    found = [_measures(report) for report in reports]
    rows = dict.fromkeys(row for measures in found for row in measures)
    lines = [
        ["", "measured", "goal", *(f"{report['python']}, {report['rounds']} rounds" for report in reports)],
        ["---"] * (len(reports) + 3),
    ]
    for goal, name in rows:
        taken = [measures.get((goal, name)) for measures in found]
        known = next(measure for measure in taken if measure is not None)
        unit = "" if known.unit in ("", "x") else f", {known.unit}"
        lines.append([goal, f"{name}{unit}", goal_text(known), *map(_cell, taken)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _measures(report: Report) -> dict[_Row, Measure]:
    taken: dict[_Row, Measure] = {}
    for goal in report["goals"]:
        for given in goal["measures"]:
            measure = Measure(**{name: value for name, value in given.items() if name != "passed"})
            if measure.passed is not None or WITHOUT_OURS in measure.name:
                taken[goal["goal"], measure.name] = measure
    return taken


def _cell(measure: Measure | None) -> str:
    if measure is None:
        return ""
    text = figure_text(measure.median)
    return f"**{text}**" if measure.passed is False else text


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Print the table of several runs, in Markdown.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what --json printed in one run")
    files: list[Path] = parser.parse_args().files
    print(side_by_side([json.loads(file.read_text(encoding="utf-8")) for file in files]))


if __name__ == "__main__":
    main()
