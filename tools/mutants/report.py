"""What came out: the score, and whether the survivors are those that are listed."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mutants.sites import Mutant
from mutants.trial import Verdict

FLOOR: Final = 90.0
_LISTED: Final = Path(__file__).parent / "survivors.toml"
_NOTICED: Final = frozenset({Verdict.KILLED, Verdict.LOOPS, Verdict.HANGS})


@dataclass(frozen=True)
class Report:
    """The verdicts of a run.

    Args:
        verdicts: By mutant.
        known: All mutants there are, in the run or not.
        seconds: How long it took.
    """

    verdicts: Mapping[Mutant, Verdict]
    known: Sequence[Mutant]
    seconds: float

    @property
    def score(self) -> float:
        """The percentage of mutants that a test noticed."""
        noticed = sum(verdict in _NOTICED for verdict in self.verdicts.values())
        return 100 * noticed / max(1, len(self.verdicts))

    @property
    def survivors(self) -> list[str]:
        """The mutants that no test noticed."""
        return [str(mutant) for mutant, verdict in self.verdicts.items() if verdict not in _NOTICED]

    def problems(self) -> list[str]:
        """Return what makes the run fail."""
        listed = survivors_listed()
        everything = {str(mutant) for mutant in self.known}
        noticed = {str(mutant) for mutant, verdict in self.verdicts.items() if verdict in _NOTICED}
        found = [f"survived and is not listed: {each}" for each in self.survivors if each not in listed]
        found += [f"is listed and was noticed: {each}" for each in listed if each in noticed]
        found += [f"is listed and is gone: {each}" for each in listed if each not in everything]
        found += [f"is listed without a reason: {each}" for each, reason in listed.items() if not reason]
        if self.score < FLOOR:
            found.append(f"{self.score:.1f} % were noticed, and {FLOOR:.0f} % are to be")
        return found

    def line(self) -> str:
        """Return the closing line."""
        counts = Counter(verdict.value for verdict in self.verdicts.values())
        parts = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        size = f"{len(self.verdicts)} of {len(self.known)}"
        return f"mutants: {size}, {parts}; score {self.score:.1f} %, {self.seconds:.0f} s"

    def as_json(self) -> str:
        """Return it for programs."""
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
    """Return the survivors that are listed, with their reasons."""
    listed = tomllib.loads(_LISTED.read_text(encoding="utf-8")).get("survivors", [])
    return {change: each["reason"] for each in listed for change in each["changes"]}
