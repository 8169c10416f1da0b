"""Searches for canaries wherever a program or an error reporter can see text: logs, errors, tracebacks and frames."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections import Counter
from types import FrameType

import attrs

import frontegg_async
from tests.acceptance.scoreboard.rows.canaries.values import CLIENT_ID, PERSONAL, PRIVATE
from tests.support.traceback_frames import chain_of, frames_of, texts_of


class CapturedLogs(logging.Handler):
    """Collects log records, with everything that a formatter may show."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record."""
        shown = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.lines.append(f"{record.name} {record.getMessage()} {vars(record)!r} {shown}")


@attrs.define
class Findings:
    """The places where canaries were found."""

    places: Counter[str] = attrs.field(factory=Counter)
    looked_at: Counter[str] = attrs.field(factory=Counter)

    def look(self, place: str, text: str, *, personal: bool = True) -> None:
        """Look for canaries in a text."""
        self.looked_at[place.partition(":")[0]] += 1
        for found in {*PRIVATE.findall(text), *(PERSONAL.findall(text) if personal else ())}:
            where, _, rest = place.partition(": ")
            self.places[f"{where} with {found[:16]}: {rest}"] += 1

    def look_outside(self, place: str, text: str) -> None:
        """Look in what leaves the program, which has no client id either."""
        self.look(place, text)
        if CLIENT_ID in text:
            self.places[f"{place}: the client id"] += 1

    def look_at_error(self, name: str, error: BaseException, *, only: str = "") -> None:
        """Look at all that an error reporter may take from an error, in the frames of modules with this beginning."""
        for each in chain_of(error):
            kind = type(each).__name__
            for how in (str, repr, lambda one: repr(one.args), lambda one: repr(vars(one))):
                self.look(f"text of errors: {name}, {kind}", how(each))
            self.look(f"traceback: {name}", "".join(traceback.format_exception(each, chain=False)))
            if isinstance(each, frontegg_async.FronteggError):
                self._look_at_pickle(name, each)
        for frame in frames_of(error):
            if str(frame.f_globals.get("__name__")).startswith(only):
                self._look_at_frame(name, frame)

    def _look_at_pickle(self, name: str, error: frontegg_async.FronteggError) -> None:
        """What the service answered and what was asked for are kept for the program; never a credential of ours."""
        bare = type(error)(error.message, attrs.evolve(error.details, response=None, asked={}))
        self.look(f"pickle: {name}", pickle.dumps(bare, 0).decode("latin-1"))
        self.look(f"pickle, what was asked: {name}", repr(dict(error.details.asked)), personal=False)

    def _look_at_frame(self, name: str, frame: FrameType) -> None:
        module = str(frame.f_globals.get("__name__"))
        is_public = ".resources." in module or module.rpartition(".")[2] in ("client", "user", "tenant_view")
        own = is_public and "." in frame.f_code.co_qualname and not frame.f_code.co_name.startswith("_")
        for local, value in frame.f_locals.items():
            texts = "\n".join(texts_of(value))
            self.look(f"frames: {frame.f_code.co_qualname} {local}, of {name}", texts, personal=not own)
