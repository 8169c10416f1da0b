"""The server of the row: it responds in one way until another way is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from tests.acceptance.scoreboard.rows.canaries.values import ANSWERS
from tests.acceptance.scoreboard.support.recorder import Seen, with_token

_BEGUN: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n"
STALLED: Final[dict[str, bytes]] = {"authentication": b"", "headers": b"", "body": _BEGUN}


@attrs.define
class Answering:
    """Sends responses of one kind, until another is chosen; authentication fails with one kind only."""

    name: str = "400"
    authenticates: bool = True

    def __call__(self, seen: Seen) -> bytes:
        """Return the answer."""
        if self.name in STALLED:
            begun = STALLED[self.name]
            return begun if self.name == "authentication" else with_token(lambda _: begun)(seen)
        if self.authenticates:
            return with_token(lambda _: ANSWERS[self.name])(seen)
        return ANSWERS[self.name]

    def each(self, names: list[str]) -> Iterator[str]:
        """Yield names, and answer by each."""
        for self.authenticates in (True, False):
            for name in names if self.authenticates else ("401", "wrong types", "500"):
                self.name = name
                yield f"{name}{'' if self.authenticates else ' to authentications'}"
