"""The findings of the rows, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import attrs

from tests.acceptance.scoreboard.row import Finding, Row, Setting


@attrs.frozen(kw_only=True)
class RowReport:
    """A row, its finding, and its duration in seconds."""

    row: Row
    finding: Finding
    seconds: float

    def as_text(self) -> str:
        """Return the lines of the table, with details below them when the target is missed."""
        star = "★" if self.row.starred else " "
        verdict = "pass" if self.finding.passed else "FALLS SHORT"
        text = (
            f"{self.row.number:>2}{star} {verdict:<11} {self.row.title}\n"
            f"                target: {self.row.target}\n"
            f"                found:  {self.finding.figure}; {self.seconds:.1f} s"
        )
        if self.finding.passed:
            return text
        return "\n".join([text, *(f"                | {detail}" for detail in self.finding.details)])

    def as_json(self) -> dict[str, object]:
        """Return the report as an object."""
        return {
            "row": self.row.number,
            "star": self.row.starred,
            "measure": self.row.title,
            "target": self.row.target,
            "found": self.finding.figure,
            "passed": self.finding.passed,
            "details": list(self.finding.details),
            "seconds": round(self.seconds, 1),
        }


@attrs.define
class Report:
    """The findings of all rows of a run.

    Args:
        setting: What they are measured with.
        seconds: How long the run took.
        rows: The reports so far, in the order in which the tests read them.
    """

    setting: Setting
    seconds: float = 0.0
    rows: list[RowReport] = attrs.field(factory=list[RowReport])

    def as_text(self) -> str:
        """Return the table, in the order of the rows' numbers, and a last line that counts."""
        passed = sum(each.finding.passed for each in self.rows)
        last = f"reliability: {passed} of {len(self.rows)} rows pass, seed {self.setting.seed}, {self.seconds:.0f} s"
        return "\n".join([*(each.as_text() for each in self._in_order()), last])

    def as_json(self) -> str:
        """Return the table as JSON."""
        rows = [each.as_json() for each in self._in_order()]
        return json.dumps({"seed": self.setting.seed, "seconds": round(self.seconds, 1), "rows": rows}, indent=2)

    def _in_order(self) -> Sequence[RowReport]:
        return sorted(self.rows, key=lambda each: each.row.number)
