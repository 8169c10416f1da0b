"""Reports of a run. They contain no data of the environment, so they can be sent to the makers of this SDK."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import attrs

from frontegg_async._core.runtime.replaced_file import check_no_database
from frontegg_async._version import __version__
from frontegg_async.conformance.check import CheckStatus, Result
from frontegg_async.conformance.question import Question, Value
from frontegg_async.errors import ConfigurationError, InvalidArgumentError

SUFFIXES: Final = (".json", ".md")


@attrs.frozen
class Answered:
    """A question with its answer."""

    question: Question
    words: str
    value: Value | None

    @property
    def setting(self) -> str:
        """The switch with the value that the answer sets; empty if the answer sets no switch."""
        return "" if self.value is None else f"{self.question.switch}={self.value}"


@attrs.frozen(kw_only=True)
class Report:
    """The results of a run."""

    results: Sequence[Result]
    environment: str | None
    """The kind of the environment, as the service reports it."""
    place: str
    """The region, or a description of the address without the address."""
    writes: bool
    """Whether the run wrote."""
    requests: int
    """The number of requests of the run."""
    left: int = 0
    """The number of accounts, rows and objects of the run that may be left."""
    private: Collection[str] = attrs.field(default=(), repr=False)
    """Texts that no report may contain: the client id, the host, the prefix of the run."""

    def count(self, status: CheckStatus) -> int:
        """Return the number of checks with a status."""
        return sum(result.status is status for result in self.results)

    @property
    def summary(self) -> str:
        """The numbers of behaviours and requests, in one line."""
        counts = ", ".join(f"{self.count(status)} {status.value}" for status in CheckStatus)
        return f"{len(self.results)} behaviours: {counts}; {self.requests} requests"

    def how(self, result: Result) -> str:
        """Describe how the service differs, or why a behaviour was not tried."""
        return self._clean(result.how)

    def _clean(self, text: str) -> str:
        for private in self.private:
            text = text.replace(private, "…")
        return text

    @property
    def answers(self) -> list[Answered]:
        """The questions with their answers."""
        return [
            Answered(result.check.question, self._clean(result.answer), result.value)
            for result in self.results
            if result.check.question is not None
        ]

    @property
    def answer_lines(self) -> list[str]:
        """The questions, their answers, and the switches that the answers set, as lines for the terminal."""
        lines = ["Disputed points, with the switches of the emulator that the answers set:"]
        for answered in self.answers:
            lines += [answered.question.text, f"  {answered.words}{answered.setting and f' [{answered.setting}]'}"]
        return lines

    def to_json(self) -> str:
        """Return the report as JSON."""
        rows = [
            {
                "topic": result.check.topic,
                "behaviour": result.check.name,
                "evidence": result.check.evidence.value,
                "status": result.status.value,
                "how": self.how(result),
                "switches": list(result.check.switches),
            }
            for result in self.results
        ]
        head = {
            "version": __version__,
            "environment": self.environment,
            "place": self.place,
            "writes": self.writes,
            "requests": self.requests,
            "left": self.left,
        }
        questions = [
            {
                "question": each.question.text,
                "answer": each.words,
                "switch": each.question.switch,
                "value": each.value,
            }
            for each in self.answers
        ]
        return json.dumps({**head, "questions": questions, "results": rows}, indent=1, ensure_ascii=False) + "\n"

    def to_markdown(self) -> str:
        """Return the report as Markdown, with the differences first."""
        kind = f"environment: {self.environment or 'unknown'}; {'reads and writes' if self.writes else 'reads only'}"
        lines = [
            "# Conformance",
            "",
            f"frontegg-async {__version__}; {self.place}; {kind}.",
            "",
            f"{self.summary}.",
        ]
        if self.left:
            lines += ["", f"{self.left} accounts, rows or objects of the run may be left."]
        if self.answers:
            lines += ["", "## Disputed points", "", "| question | answer | switch |", "| --- | --- | --- |"]
            lines += [
                f"| {each.question.text} | {each.words} | {each.setting and f'`{each.setting}`'} |"
                for each in self.answers
            ]
        for status in (CheckStatus.DIFFERS, CheckStatus.NOT_TRIED, CheckStatus.HELD):
            chosen = [result for result in self.results if result.status is status]
            for topic, results in groupby(chosen, key=lambda result: result.check.topic):
                lines += ["", f"## {status.value.capitalize()}: {topic}", ""]
                lines += [f"- {self._line(result)}" for result in results]
        return "\n".join(lines) + "\n"

    def _line(self, result: Result) -> str:
        evidence = result.check.evidence.value
        switches = f" (`{'`, `'.join(result.check.switches)}`)" if result.check.switches else ""
        how = self.how(result)
        return f"{result.check.name} ({evidence}){f': {how}' if how else ''}{switches}"


def check_report_path(text: str) -> Path:
    """Return the path of a report.

    Raises:
        InvalidArgumentError: The suffix is unknown, the path cannot be written, or the file is a SQLite database.
    """
    path = Path(text)
    if path.suffix not in SUFFIXES:
        raise InvalidArgumentError(f"the name of a report ends with {' or '.join(SUFFIXES)}, unlike {text!r}")
    if not path.parent.is_dir():
        raise InvalidArgumentError(f"the directory of the report {text!r} does not exist")
    if path.is_dir():
        raise InvalidArgumentError(f"the report {text!r} is a directory")
    if not (os.access(path, os.R_OK | os.W_OK) if path.exists() else os.access(path.parent, os.W_OK)):
        raise InvalidArgumentError(f"the report {text!r} cannot be written: permission denied")
    check_no_database(path)
    return path


def write_report(report: Report, path: Path) -> None:
    """Write a report in the format of the path's suffix.

    Raises:
        InvalidArgumentError: The file has meanwhile become a SQLite database.
        ConfigurationError: The file cannot be written.
    """
    text = report.to_json() if path.suffix == ".json" else report.to_markdown()
    try:
        check_no_database(path)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"the report {path} cannot be written: {error.strerror}") from error
