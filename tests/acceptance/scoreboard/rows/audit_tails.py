"""Row 45: tails of an audit log whose rows come late, whose clocks are wrong, and whose reader is slow and restarts."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from frontegg_async import AsyncAuditTail
from frontegg_async.audit_position import TailPosition, micros
from frontegg_async.audit_streams import PAGE_SIZE
from frontegg_async.models import Audit
from frontegg_async.models.audits import AuditRows
from tests.acceptance.scoreboard.row import Finding, Row, Setting

_RUNS: Final = 4_000
_LONGEST_CURSOR: Final = 4_096
_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_MOST_FAR_AHEAD: Final = 3
"""The most rows of a log that are centuries ahead."""
_START: Final = micros(datetime(2026, 1, 1, tzinfo=UTC))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@attrs.frozen(order=True)
class _Written:
    """A row of the log: when it is shown first, when it was created by the clock of its writer, and its number."""

    shown: int
    created: int
    number: int

    @property
    def id(self) -> str:
        """Its id."""
        return f"a{self.number}"

    def audit(self) -> Audit:
        """Return the row as the client reads it."""
        return Audit(id=self.id, created_at=_EPOCH + timedelta(microseconds=self.created))


@attrs.define
class _Service:
    """An audit log in virtual time, as a source of tails. Requests take time, and the log is read somewhere in it."""

    rng: random.Random
    rows_written: list[_Written]
    slowest: int
    clock_error: int
    """How far this machine's clock is ahead."""
    has_date: bool
    has_total: bool
    includes_begin: bool
    now: int = _START

    def _ask(self) -> tuple[list[_Written], int]:
        """Pass the time of a request; return the rows that there were, and when it began by the clocks at its end."""
        begun = self.now
        self.now += self.rng.randint(0, self.slowest)
        read = self.now
        self.now += self.rng.randint(0, self.slowest)
        local, elapsed = self.now + self.clock_error, self.now - begun
        date = self.now // _SECOND * _SECOND
        asked = (min(date, local) if self.has_date else local) - elapsed
        return [row for row in self.rows_written if row.shown <= read], asked

    async def rows(self, created_from: datetime | None, offset: int) -> tuple[AuditRows, int]:
        """Return a page, the oldest rows first."""
        shown, asked = self._ask()
        if created_from is not None:
            begin = micros(created_from) // 1_000 * 1_000
            shown = [row for row in shown if row.created > begin or (self.includes_begin and row.created == begin)]
        shown.sort(key=lambda row: row.created)
        return self._page(shown, offset), asked

    async def newest(self) -> tuple[AuditRows, int]:
        """Return a page, the newest rows first."""
        shown, asked = self._ask()
        shown.sort(key=lambda row: row.created, reverse=True)
        return self._page(shown, 0), asked

    def _page(self, shown: list[_Written], offset: int) -> AuditRows:
        page = tuple(row.audit() for row in shown[offset : offset + PAGE_SIZE])
        return AuditRows(data=page, total=len(shown) if self.has_total else None)

    async def csv(self, offset: int) -> bytes:
        """Return nothing: tails ask for no export."""
        raise NotImplementedError(offset)

    async def pause(self, seconds: float) -> None:
        """Pass some time; whoever waits for rows that are lost ends."""
        self.now += int(seconds * _SECOND)
        if self.now > _START + 60 * _MINUTE:
            raise TimeoutError


@attrs.define
class _Run:
    """One log and its reader."""

    rng: random.Random
    overlap: int = 0
    longest: int = 0
    rows: int = 0
    seen: Counter[str] = attrs.field(factory=Counter[str])
    wanted: set[str] = attrs.field(factory=set[str])

    def _service(self) -> _Service:
        rng = self.rng
        self.overlap = rng.choice([0, 5, 30, 30, 30, 120]) * _SECOND
        has_date = rng.random() < 0.7
        errors = [0, 0, 3, 40, 3_600, 90_000]
        error = rng.choice([-seconds for seconds in errors] + (errors if has_date else []))
        return _Service(
            rng=rng,
            rows_written=self._log(),
            slowest=rng.choice([1_000, 200_000, 3 * _SECOND]),
            clock_error=error * _SECOND,
            has_date=has_date,
            has_total=rng.random() < 0.7,
            includes_begin=rng.random() < 0.7,
        )

    def _log(self) -> list[_Written]:
        """Return rows of a while before the start and a while after: late ones, groups of one time, wrong clocks."""
        rng = self.rng
        unit = rng.choice([1, 1_000, 1_000, _SECOND])
        most = rng.choice([10, 60, 450])
        span = rng.choice([20, 120, 600]) * _SECOND
        is_ahead = rng.choice([0.0, 0.0, 0.05, 0.5])
        ahead = rng.choice([1, 20, 90]) * _SECOND
        rows = list[_Written]()
        at = _START
        for number in range(rng.randint(0, most)):
            if rng.random() < 0.9 or number % 100 > 50:  # other rows have the time of the previous row
                at = rng.randint(_START - span, _START + span) // unit * unit
            created = at
            shown = created + rng.choice([0, 0, rng.randint(0, self.overlap), self.overlap])
            if rng.random() < is_ahead:
                created += rng.randint(0, ahead)
            rows.append(_Written(shown, created, number))
        if rng.random() < 0.1:
            years = 400 * 365 * 86_400 * _SECOND
            rows += [
                _Written(_START, _START + years + each, 10_000 + each)
                for each in range(rng.randint(1, _MOST_FAR_AHEAD))
            ]
        return rows

    def _tail(self, service: _Service, cursor: str | None, *, begins_now: bool) -> AsyncAuditTail:
        position = None
        if cursor is not None:
            position = TailPosition.parse(cursor, self.overlap)
        elif not begins_now:
            position = TailPosition.since(_EPOCH, self.overlap)
        return AsyncAuditTail(service, position, overlap=self.overlap, interval=self.rng.choice([0.5, 10, 60]))

    async def run(self) -> list[str]:
        """Read the log to its end, and return what is wrong."""
        rng, service = self.rng, self._service()
        present = {row.id for row in service.rows_written if row.shown <= service.now}
        # If there are more rows, a tail that begins now uses only the newest page.
        begins_now = rng.random() < 0.25 and len(present) <= PAGE_SIZE
        tail = self._tail(service, None, begins_now=begins_now)
        self.wanted = {row.id for row in service.rows_written}
        if begins_now:
            self.wanted -= present
            service.slowest, slowest = 0, service.slowest
            await tail._reader()
            service.slowest = slowest
        self.rows = len(self.wanted)
        slowness = rng.choice([0, 100_000, _SECOND, 40 * _SECOND])
        end = max((row.shown for row in service.rows_written if row.number < 10_000), default=_START)
        while service.now < end:
            await self._read_some(service, tail, slowness)
            if rng.random() < 0.7:
                tail = self._tail(service, tail.cursor, begins_now=begins_now)
            service.now += rng.choice([0, 1, 30, 100]) * _SECOND
        # Three days later, rows that a slow clock had delayed have appeared.
        service.now += 3 * 86_400 * _SECOND
        while found := await tail.new():
            self._count(tail, found)
        return self._wrong()

    async def _read_some(self, service: _Service, tail: AsyncAuditTail, slowness: int) -> None:
        # An iteration ends only at a row, so a row must appear soon.
        is_iterated = self.rng.random() < 0.5 and service.clock_error > -_MINUTE
        if not is_iterated or len(self.wanted - set(self.seen)) <= _MOST_FAR_AHEAD:
            self._count(tail, await tail.new(limit=self.rng.choice([None, 1, 7, 100])))
            return
        left = self.rng.choice([1, 5, 50, 400])
        with contextlib.suppress(TimeoutError):
            async for audit in tail:
                self._count(tail, [audit])
                service.now += self.rng.randint(0, slowness)
                left -= 1
                if left <= 0 or len(self.wanted - set(self.seen)) <= _MOST_FAR_AHEAD:
                    return

    def _count(self, tail: AsyncAuditTail, found: list[Audit]) -> None:
        self.seen.update(audit.id for audit in found)
        self.longest = max(self.longest, len(tail.cursor or ""))

    def _wrong(self) -> list[str]:
        lost = [f"lost {each}" for each in sorted(self.wanted - set(self.seen))]
        doubled = [f"doubled {each}" for each, times in self.seen.items() if times > 1 or each not in self.wanted]
        return lost + doubled


async def measure(setting: Setting) -> Finding:
    """Read many logs, each with clocks, delays and a reader of its own."""
    runs = setting.scaled(_RUNS)
    rows, longest, wrong = 0, 0, list[str]()
    for number in range(runs):
        run = _Run(setting.rng(f"audit tail {number}"))
        wrong += [f"run {number}: {each}" for each in await run.run()]
        rows += run.rows
        longest = max(longest, run.longest)
    lost = sum(" lost " in each for each in wrong)
    found = f"{lost} lost, {len(wrong) - lost} doubled of {rows:,} rows"
    return Finding(
        figure=f"{found} in {runs:,} runs; cursor ≤ {longest:,} bytes",
        passed=not wrong and rows > runs and longest <= _LONGEST_CURSOR,
        details=tuple(wrong[:10]),
    )


ROWS: Final = (
    Row(
        number=45,
        name="audit-tails",
        title="audit tails: several pages, slow consumer, late rows, clocks ahead and behind, restarts",
        target="lost 0, doubled 0, cursor ≤ 4 KiB",
        measure=measure,
        starred=True,
    ),
)
