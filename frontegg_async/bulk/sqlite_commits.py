"""The commits of a job in SQLite: record the outcomes of rows, and mark the next rows as sent."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec

from frontegg_async.bulk import makers
from frontegg_async.bulk.ledger import Before, Job, RowState
from frontegg_async.bulk.sqlite_tables import keep_before
from frontegg_async.bulk.store import Commit, Item, RowOutcome
from frontegg_async.bulk.stored_values import CODES, check_types, checked_item, decode_before, operation_of

_decode: Final = msgspec.json.Decoder().decode

# Pass the numbers of many rows as one JSON array. With one statement for each row, the thread would often wait for the
# GIL.
_MARK_SENT: Final = (
    "INSERT INTO state (number, state, sent_at) SELECT value, 1, ? FROM json_each(?) WHERE true"
    " ON CONFLICT (number) DO UPDATE SET state = 1, sent_at = excluded.sent_at"
)
_RELEASE: Final = (
    "INSERT INTO state (number, state) SELECT value, 0 FROM json_each(?) WHERE true"
    " ON CONFLICT (number) DO UPDATE SET state = 0"
)
_RECORD: Final = (
    "INSERT INTO state (number, state, attempts, error, status, trace_id, message, is_unsent, finished_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state,"
    " attempts = excluded.attempts, error = excluded.error, status = excluded.status, trace_id = excluded.trace_id,"
    " message = excluded.message, is_unsent = excluded.is_unsent, finished_at = excluded.finished_at"
)
_RECORD_DONE: Final = (
    "INSERT INTO state (number, state, attempts, finished_at) SELECT value, 2, ?, ? FROM json_each(?) WHERE true"
    " ON CONFLICT (number) DO UPDATE"
    " SET state = 2, attempts = excluded.attempts, finished_at = excluded.finished_at, error = NULL, status = NULL,"
    " trace_id = NULL, message = NULL"
)
"""The statement for the most frequent outcome. It takes half of the time of the general statement."""

_NEXT: Final = (
    "SELECT i.number, i.operation, i.key, i.input, 0 AS attempts, 0 AS was_sent, i.created_at"
    " FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE i.number > ? AND s.number IS NULL ORDER BY i.number LIMIT ?"
)
"""Selects rows that were never taken, in a job with one generation."""

_PENDING_AGAIN: Final = (
    "SELECT i.number, i.operation, i.key, i.input, s.attempts, s.attempts > 0 AS was_sent, i.created_at"
    " FROM state s JOIN item i ON i.number = s.number WHERE s.state = 0 AND s.number <= ? ORDER BY s.number LIMIT ?"
)
_NEXT_OF_GENERATION: Final = (
    "SELECT i.number, i.operation, i.key, i.input, ifnull(s.attempts, 0) AS attempts,"
    " ifnull(s.attempts, 0) > 0 AS was_sent, i.created_at FROM item i LEFT JOIN state s ON s.number = i.number"
    " WHERE i.generation = ? AND i.number > ? AND ifnull(s.state, 0) = 0{waits} ORDER BY i.number LIMIT ?"
)
_WAITS_FOR_NONE: Final = (
    " AND NOT EXISTS (SELECT 1 FROM item p LEFT JOIN state t ON t.number = p.number"
    " WHERE p.key = i.parent AND p.generation < i.generation AND {makes}"
    " AND ifnull(t.state, 0) <> 2)"
    " AND NOT EXISTS (SELECT 1 FROM item e LEFT JOIN state t ON t.number = e.number WHERE e.number ="
    " (SELECT max(number) FROM item b WHERE b.key = i.key AND b.number < i.number AND b.generation < i.generation)"
    " AND (ifnull(t.state, 0) IN (0, 1, 4) OR t.state = 3 AND t.is_unsent))"
)
"""The condition that the parent exists, and that the previous row with the same key has a final outcome."""

_IN_STATES: Final = (
    "SELECT i.number, i.operation, i.key, i.input, s.attempts, s.state IN (1, 4) OR s.attempts > 0, i.created_at"
    " FROM state s CROSS JOIN item i ON i.number = s.number WHERE s.state IN ({codes}) AND s.number > ?1 UNION ALL"
    " SELECT i.number, i.operation, i.key, i.input, 0, i.number <= (SELECT number FROM reached), i.created_at"
    " FROM item i LEFT JOIN state s ON s.number = i.number WHERE i.number > ?2 AND i.number <= ?3 AND s.number IS NULL"
    " ORDER BY 1 LIMIT ?4"
)
_TOGETHER: Final = (
    "SELECT '[[' || group_concat(number) || '],' || json_group_array(operation) || ',' || json_group_array(key) || ',['"
    " || group_concat(input) || '],[' || group_concat(attempts) || ']]', count(created_at) FROM ({rows})"
)
"""Returns the columns of all rows as one text, and the number of rows with a creation time. Text cannot represent such
a time exactly.
"""

_BEFORE: Final = "SELECT number, input FROM replaced WHERE number IN (SELECT value FROM json_each(?))"
_LAST: Final = 2**63 - 1


class SqliteCommits:
    """Records outcomes and takes rows, in transactions that the caller begins and commits.

    Args:
        connection: The connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        [last] = connection.execute("SELECT last_generation FROM job").fetchone()
        self.has_generations: bool = last > 0
        """Whether the job has several generations."""
        self._reached: int | None = None
        """The number of the last row that was taken in a job with one generation; ``None`` while earlier rows may be
        pending again.
        """
        self._seen: dict[int, int] = {}
        """The number of the last row that was taken in each generation, in a job with several generations."""

    def forget(self) -> None:
        """Forget how far rows were taken.

        After a rollback, the rows are pending again, and the next commit must find them.
        """
        self._reached = None
        self._seen.clear()

    def commit(self, commit: Commit, job: Job, now: float) -> list[Item]:
        """Record outcomes, and mark the next rows as sent.

        Args:
            commit: The outcomes, and the number of rows to take.
            job: The job.
            now: The time.

        Returns:
            The marked rows.
        """
        connection = self._connection
        if commit.outcomes:
            self._record(commit.outcomes, now)
        if commit.released:
            connection.execute(_RELEASE, (_array(commit.released),))
        if commit.before:
            keep_before(connection, commit.before)
        items = self._take(commit, job, now) if commit.most else []
        connection.execute(
            "UPDATE job SET requests = requests + ?, elapsed = elapsed + ?", (commit.requests, commit.elapsed)
        )
        if commit.guard is not None:
            connection.execute("UPDATE job SET guard = ?, guard_reason = ?", commit.guard)
        return items

    def _record(self, outcomes: Sequence[RowOutcome], now: float) -> None:
        done: defaultdict[int, list[int]] = defaultdict(list)
        others: list[tuple[object, ...]] = []
        for row in outcomes:
            if row.state is RowState.DONE:
                done[row.attempts].append(row.number)
                continue
            message = row.message and row.message.encode(errors="replace").decode()
            code, known = CODES[row.state], (row.error, row.status, row.trace_id, message, row.is_unsent)
            others.append((row.number, code, row.attempts, *known, now))
        for attempts, numbers in done.items():
            self._connection.execute(_RECORD_DONE, (attempts, now, _array(numbers)))
        self._connection.executemany(_RECORD, others)

    def _take(self, commit: Commit, job: Job, now: float) -> list[Item]:
        """Mark the next pending rows of a generation as sent, and return them."""
        if self.has_generations:
            return self._take_of_generation(commit, job, now)
        items: list[Item] = []
        if self._reached is None:
            reached: int = self._connection.execute("SELECT number FROM reached").fetchone()[0]
            items = self._items(job, _PENDING_AGAIN, reached, commit.most)
            self._mark_sent(items, now)
            if len(items) == commit.most:
                return items
            self._reached = reached
        more = self._items(job, _NEXT, self._reached, commit.most - len(items))
        if more:
            self._reached = more[-1].number
            self._connection.execute("INSERT INTO taking (last, sent_at) VALUES (?, ?)", (self._reached, now))
        return items + more

    def _take_of_generation(self, commit: Commit, job: Job, now: float) -> list[Item]:
        generation = commit.generation
        query = _NEXT_OF_GENERATION.format(waits=_WAITS_FOR_NONE.format(makes=makers.IN_SQLITE) if generation else "")
        items = self._items(job, query, generation, self._seen.get(generation, 0), commit.most)
        if items:
            self._seen[generation] = items[-1].number
            self._mark_sent(items, now)
        return items

    def _mark_sent(self, items: Sequence[Item], now: float) -> None:
        self._connection.execute(_MARK_SENT, (now, _array([item.number for item in items])))

    def _items(self, job: Job, query: str, *arguments: object) -> list[Item]:
        try:
            together, timed = self._connection.execute(_TOGETHER.format(rows=query), arguments).fetchone()
        except sqlite3.DataError:
            # The text is longer than the maximum length of SQLite.
            together, timed = None, 1
        if timed:
            return [_item(row, job) for row in self._connection.execute(query, arguments)]
        if together is None:
            return []
        numbers, names, *columns = _decode(together)
        known = {name: operation_of(name, job) for name in set(names)}
        return [
            checked_item(Item(number, known[name], key, values, attempts, attempts > 0))
            for number, name, key, values, attempts in zip(numbers, names, *columns, strict=True)
        ]

    def items(self, job: Job, states: Sequence[RowState], after: int, most: int) -> list[Item]:
        """Return rows in the given states, in order.

        Args:
            job: The job.
            states: The states.
            after: Only rows with a higher number than this.
            most: The maximum number of rows.
        """
        reached: int = self._connection.execute("SELECT number FROM reached").fetchone()[0]
        # Wanted rows without a record in the table `state` have a number between `first` and `last`.
        first = after if RowState.IN_FLIGHT in states else max(after, reached)
        last = _LAST if RowState.PENDING in states else reached
        query = _IN_STATES.format(codes=", ".join(str(CODES[state]) for state in states))
        return [_item(row, job) for row in self._connection.execute(query, (after, first, last, most))]

    def before(self, numbers: Sequence[int]) -> dict[int, Before]:
        """Return the old values of rows by row number: the values that a row expects, or the values that it replaced.

        Args:
            numbers: The numbers of the rows.
        """
        found = self._connection.execute(_BEFORE, (_array(numbers),))
        return {number: decode_before(values) for number, values in found}


def _item(row: tuple[int, str | None, str, str, int, int, float | None], job: Job) -> Item:
    number, name, key, values, attempts, was_sent, created_at = row
    check_types(float | None, created_at)
    item = Item(number, operation_of(name, job), key, _decode(values), attempts, bool(was_sent), created_at)
    return checked_item(item)


def _array(numbers: Sequence[int]) -> str:
    return msgspec.json.encode(numbers).decode()
