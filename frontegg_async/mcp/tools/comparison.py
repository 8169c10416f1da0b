"""``accounts_compare``: compare two accounts, or an account and an export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import parse_json
from frontegg_async._values.unset import UNSET
from frontegg_async.changes.account_difference import FieldDifference
from frontegg_async.changes.comparing import compare_rows
from frontegg_async.mcp.answers import Listed, Row
from frontegg_async.mcp.escaping import quoted
from frontegg_async.mcp.refusals import RefusedError
from frontegg_async.mcp.scope import no_account
from frontegg_async.mcp.tool import ToolCall
from frontegg_async.mcp.tool_list import EXPORT, PARTS
from frontegg_async.mcp.tools.accounts import read_parts, shown_parent
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.snapshots.files import is_csv, read_sorted
from frontegg_async.snapshots.rows import FIELDS, PARENT, field_of
from frontegg_async.snapshots.single_account import read_account
from frontegg_async.snapshots.sorted_spool import SortedSpool

_SETTINGS: Final[Sequence[IncludeLiteral]] = ("settings",)
_HIDDEN: Final = frozenset({"extra", "internal_id", "vendor_id", "deleted_at"})
_FIELDS: Final = frozenset(FIELDS) - _HIDDEN
_SPOOL: Final = 8 * 2**20
"""The largest size of rows that are sorted in memory, in bytes."""


async def compare(call: ToolCall) -> Listed:
    """Return the fields that differ."""
    first: str = call.values["a"]
    second: str = call.values["b"]
    call.reach.check(first)
    has_cells = False
    if second != EXPORT:
        call.reach.check(second)
        before, after = await _row(call, first, _SETTINGS), await _row(call, second, _SETTINGS)
    elif call.export is None:
        raise RefusedError(f"b cannot be {EXPORT}: this server was started without --export")
    else:
        has_cells = is_csv(call.export)
        after = await run_in_thread(_row_in, call.export, first)
        after = {**after, PARENT: after[PARENT] if call.reach.has(cast("str | None", after.get(PARENT))) else None}
        before = await _row(call, first, [each for each in PARTS if field_of(each) in after])
    found = [_shown(each) for each in compare_rows(before, after, has_cells=has_cells)]
    rows = [((0, number), row) for number, row in enumerate(found)]
    return Listed(rows=rows[: call.most], after=None, total=len(rows), is_whole=True)


async def _row(call: ToolCall, tenant_id: str, parts: Sequence[IncludeLiteral]) -> Row:
    found = await read_account(call.caller, tenant_id, None)
    if found is None:
        raise no_account(tenant_id)
    fields = {name: value for name, value in cast("Row", found.to_dict()).items() if name in _FIELDS}
    fields[PARENT] = await shown_parent(call, tenant_id)
    return {**fields, **await read_parts(call, tenant_id, parts)}


def _row_in(export: Path, tenant_id: str) -> Row:
    """Return the row of an account in the export, without fields that no tool shows."""
    with SortedSpool(run=_SPOOL) as spool:
        for found, row in read_sorted(export, spool, {tenant_id}):
            if found == tenant_id:
                shown = {*_FIELDS, *map(field_of, PARTS)}
                return {name: value for name, value in cast("Row", parse_json(row)).items() if name in shown}
    raise RefusedError(f"the export has no account {quoted(tenant_id)}")


def _shown(difference: FieldDifference) -> Row:
    row: Row = {"field": difference.field}
    if difference.before is not UNSET:
        row["a"] = difference.before
    if difference.after is not UNSET:
        row["b"] = difference.after
    return row
