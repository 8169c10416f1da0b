"""The result of a run: the mutation score, and whether the survivors are the listed ones."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mutants.mutant import Mutant
from mutants.trial import Verdict

FLOOR: Final = 90.0
_LISTED: Final = Path(__file__).parent / "survivors.toml"
_NOTICED: Final = frozenset({Verdict.KILLED, Verdict.LOOPS, Verdict.HANGS})


@dataclass(frozen=True)
class Report:
    """The verdicts of a run.

    Args:
        verdicts: The verdict of each mutant.
        known: All mutants that exist, also those that were not tried.
        seconds: How long the run took.
    """

    verdicts: Mapping[Mutant, Verdict]
    known: Sequence[Mutant]
    seconds: float

    @property
    def score(self) -> float:
        """The percentage of mutants that a test detected."""
        noticed = sum(verdict in _NOTICED for verdict in self.verdicts.values())
        return 100 * noticed / max(1, len(self.verdicts))

    @property
    def survivors(self) -> list[str]:
        """The mutants that no test detected."""
        return [str(mutant) for mutant, verdict in self.verdicts.items() if verdict not in _NOTICED]

    def problems(self) -> list[str]:
        """Return the reasons why the run fails."""
        listed = survivors_listed()
        everything = {str(mutant) for mutant in self.known}
        noticed = {str(mutant) for mutant, verdict in self.verdicts.items() if verdict in _NOTICED}
        found = [f"survived and is not listed: {each}" for each in self.survivors if each not in listed]
        found += [f"is listed and was detected: {each}" for each in listed if each in noticed]
        found += [f"is listed and does not exist: {each}" for each in listed if each not in everything]
        found += [f"is listed without a reason: {each}" for each, reason in listed.items() if not reason]
        if self.score < FLOOR:
            found.append(f"{self.score:.1f} % were detected, and {FLOOR:.0f} % must be")
        return found

    def line(self) -> str:
        """Return the closing line."""
        counts = Counter(verdict.value for verdict in self.verdicts.values())
        parts = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        size = f"{len(self.verdicts)} of {len(self.known)}"
        return f"mutants: {size}, {parts}; score {self.score:.1f} %, {self.seconds:.0f} s"

    def as_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(
            {
                "mutants": len(self.verdicts),
                "known": len(self.known),
                "score": self.score,
                "survivors": self.survivors,
                "problems": self.problems(),
            }
        )


def survivors_listed() -> dict[str, str]:
    """Return the reasons of the listed survivors, by mutant."""
    listed = tomllib.loads(_LISTED.read_text(encoding="utf-8")).get("survivors", [])
    return {change: each["reason"] for each in listed for change in each["changes"]}
