"""``plan_create`` and ``plan_get``: plan changes for a person to review and apply. They never write to the service."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import ConfigurationError, FilesError, InvalidArgumentError
from frontegg_async.mcp import arguments
from frontegg_async.mcp.answers import Listed, Row
from frontegg_async.mcp.arguments import Argument, Schema, checked_id
from frontegg_async.mcp.cursors import Position
from frontegg_async.mcp.escaping import message_of, quoted, shown_message
from frontegg_async.mcp.refusals import RefusedError
from frontegg_async.mcp.scope import Reach, Scope
from frontegg_async.mcp.tool import Tool, ToolCall
from frontegg_async.plans.files.fields import (
    ABSENT,
    KNOWN,
    MANAGED,
    OBJECTS,
    SETTINGS,
    SPELLINGS,
    TENANT_ID,
)
from frontegg_async.plans.plan import Plan
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.planning import plan_files
from frontegg_async.snapshots.rows import PARENT

_RISKY: Final = frozenset({PARENT, "application_url", "creator_email", "creator_name", "is_reseller"})
"""The fields that can give others access to an account, such as its parent and the address where its users sign in."""

DEFAULT_FIELDS: Final = MANAGED - _RISKY
"""The fields that an assistant may plan by default. A person must allow other fields, such as ``users`` and ``sso``."""
_RISKY_SETTINGS: Final = {"applicationurl": "settings.application_url", "loginurl": "settings.login_url"}
"""The settings that can give others access to an account.

A key is the name in lower case, and only its letters, so that all spellings match.
"""
ALL_FIELDS: Final = MANAGED | OBJECTS | {*_RISKY_SETTINGS.values(), ABSENT}
"""All fields that a person can allow an assistant to plan."""

_MOST: Final = 100
_BYTES: Final = 64 * 1024
_FAULTS: Final = 10
_OWNER_ONLY: Final = 0o700


class Planning:
    """The tools that plan.

    Args:
        directory: The directory for plans. It is created if it does not exist.
        fields: The allowed fields in addition to `DEFAULT_FIELDS`.

    Raises:
        ConfigurationError: A field is unknown, or the directory cannot be created.
    """

    def __init__(self, directory: Path, fields: Sequence[str] = ()) -> None:
        for name in fields:
            if name not in ALL_FIELDS:
                raise ConfigurationError(f"fields must be among {', '.join(sorted(ALL_FIELDS))}, not {name!r}")
        self._directory = directory
        self._fields = DEFAULT_FIELDS | {*fields}
        try:
            directory.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"plans cannot be written to {directory}: {error.strerror}") from None

    def tools(self) -> Sequence[Tool]:
        """Return the tools."""
        named = ", ".join(sorted(self._fields - {"settings", "metadata"}))
        return (
            Tool(
                name="plan_create",
                title="Plan changes of accounts",
                about="Compare rows with the environment, and write the changes to a plan file. No change is sent to "
                "the service: a person reviews the plan and runs 'command'. You cannot approve the plan. A row is an "
                f"object with tenant_id and the fields to set: metadata and settings by key, {named}. Fields that a "
                "row does not name stay; null clears a field.",
                arguments=(_changes_argument(),),
                run=self._create,
                is_read_only=False,
            ),
            Tool(
                name="plan_get",
                title="Show a plan",
                about="List the changes of a plan that plan_create returned.",
                arguments=(arguments.digest_argument(), arguments.cursor_argument()),
                run=self._get,
            ),
        )

    async def _create(self, call: ToolCall) -> Listed:
        rows = self._checked(call.values["changes"], call.scope, call.reach)
        try:
            made = await plan_files(
                call.caller,
                [rows],
                base=None,
                only=(),
                prune=(),
                allow=None,
                variables={},
                send_email=False,
                on_progress=None,
                options=None,
            )
        except FilesError as error:
            faults = [shown_message(str(each)) for each in error.faults[:_FAULTS]]
            raise RefusedError("the changes have faults:\n" + "\n".join(faults)) from None
        except InvalidArgumentError as error:
            raise RefusedError(message_of(error)) from None
        path = self._path(call.scope, made.digest)
        await run_in_thread(_save, made, path)
        return _listed(made, path, call)

    async def _get(self, call: ToolCall) -> Listed:
        digest: str = call.values["digest"]
        path = self._path(call.scope, digest)
        try:
            found = await run_in_thread(Plan.load, path)
        except (OSError, InvalidArgumentError):
            found = None
        if found is None or found.digest != digest:
            raise RefusedError("there is no plan with this digest: plan_create returns the digest of a plan")
        if not all(call.reach.has(key) for key in _accounts_of(found)):
            raise RefusedError("the plan has accounts that this server may not show")
        return _listed(found, path, call)

    def _path(self, scope: Scope, digest: str) -> Path:
        """Return the path of a plan. Each scope has a separate directory."""
        if scope.tenant_id is None:
            return self._directory / f"{digest}.jsonl"
        return self._directory / scope_name(scope) / f"{digest}.jsonl"

    def _checked(self, changes: Sequence[Mapping[str, JsonValue]], scope: Scope, reach: Reach) -> list[Row]:
        """Check that all rows have only allowed fields, and accounts of the scope. Return the rows.

        Raises:
            RefusedError: A row has a field that is not allowed, or an account outside the scope.
        """
        rows: list[Row] = []
        for number, change in enumerate(changes):
            place = f"changes[{number}]"
            row = dict(change)
            for name, value in row.items():
                self._check_field(name, place)
                if name == SETTINGS and isinstance(value, Mapping):
                    self._check_settings(value, place)
            tenant_id = row.get(TENANT_ID, row.get("tenantId"))
            if tenant_id is None:
                if scope.tenant_id is None or scope.below:
                    raise RefusedError(f"{place}.tenant_id is missing")
                row[TENANT_ID] = tenant_id = scope.tenant_id
            reach.check(checked_id(tenant_id, f"{place}.tenant_id"))
            if scope.tenant_id is not None:
                _check_parent(row, place, tenant_id, scope, reach)
            rows.append(row)
        return rows

    def _check_field(self, name: str, place: str) -> None:
        field = SPELLINGS.get(name, name)
        if field == TENANT_ID or field in self._fields:
            return
        if field in ALL_FIELDS:
            raise _not_allowed(place, field)
        shown = ", ".join(sorted(self._fields))
        known = " cannot be written" if field in KNOWN else " is not a field of an account"
        raise RefusedError(f"{place}: {quoted(name)}{known}; the fields that can be planned are {shown}")

    def _check_settings(self, settings: Mapping[str, JsonValue], place: str) -> None:
        for name in settings:
            field = _RISKY_SETTINGS.get(re.sub("[^a-z]", "", name.lower()))
            if field is not None and field not in self._fields:
                raise _not_allowed(place, field)


def _check_parent(row: Row, place: str, tenant_id: JsonValue, scope: Scope, reach: Reach) -> None:
    """Refuse moves from or to accounts outside the scope, because a plan shows the current parent of an account."""
    for name in (PARENT, "parentTenantId"):
        if name in row:
            if tenant_id == scope.tenant_id or row[name] is None:
                raise RefusedError(
                    f"{place}.{PARENT}: an account cannot be moved out of the scope, and the account of the scope "
                    "cannot be moved"
                )
            reach.check(checked_id(row[name], f"{place}.{PARENT}"))


def _not_allowed(place: str, field: str) -> RefusedError:
    return RefusedError(f"{place}.{field} may not be planned: a person must start this server with --fields {field}")


def scope_name(scope: Scope) -> str:
    """Return the name of the directory of a scope. The name does not reveal the account."""
    return hashlib.sha256(sorted_json([scope.tenant_id, scope.below])).hexdigest()[:16]


def _save(plan: Plan, path: Path) -> None:
    path.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    plan.save(path)


def _accounts_of(plan: Plan) -> Sequence[str]:
    return [each.key for each in plan]


def _listed(plan: Plan, path: Path, call: ToolCall) -> Listed:
    rows: list[Row] = [
        {name: value for name, value in each.to_dict().items() if name != "why" and (name != "note" or value)}
        for each in plan
    ]
    rows += map(_note_row, plan.notes)
    guards: list[JsonValue] = []
    for each in plan.guards.values():
        # A limit is a fraction of the number of accounts. It would reveal this number to a session that may see only
        # some accounts.
        limit: Row = {"limit": each.limit, "is_shut": each.is_shut} if call.reach.ids is None else {}
        guards += [{"name": each.name, "count": each.count, **limit}] if each.count else []
    beside: Row = {
        "digest": plan.digest,
        "path": str(path),
        "command": f"frontegg apply {shlex.quote(str(path))} --digest {plan.digest}",
        "counts": cast("JsonValue", {kind: count for kind, count in plan.counts.items() if count}),
        "guards": guards,
    }
    start = call.position[0]
    shown: Sequence[tuple[Position, Row]] = [((number, 0), row) for number, row in enumerate(rows)]
    shown = shown[start : start + call.most]
    end = start + len(shown)
    return Listed(
        rows=shown,
        after=(end, 0) if end < len(rows) else None,
        total=len(rows),
        continues=("plan_get", {"digest": plan.digest}),
        beside=beside,
    )


def _note_row(note: PlanNote) -> Row:
    return {"not_planned": note.text, "key": note.key, "path": note.path}


def _changes_argument() -> Argument:
    schema: Schema = {
        "type": "array",
        "items": {"type": "object"},
        "minItems": 1,
        "maxItems": _MOST,
        "description": "Rows as in an accounts file, for example [{'tenant_id': 'acme', 'metadata': {'seats': 40}}].",
    }
    return Argument("changes", schema, _rows, is_needed=True)


def _rows(value: object, name: str) -> Sequence[Mapping[str, JsonValue]]:
    if not isinstance(value, list) or not 1 <= len(cast("list[object]", value)) <= _MOST:
        raise RefusedError(f"{name} must be a list of 1 to {_MOST} rows")
    rows = cast("list[object]", value)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise RefusedError(f"{name}[{number}] must be an object, not {kind_of(row)}")
    try:
        size = len(sorted_json(rows))
    except (ValueError, RecursionError, TypeError):
        raise RefusedError(
            f"{name} must be JSON that is not nested too deep and contains no lone surrogate (half of a character)"
        ) from None
    if size > _BYTES:
        raise RefusedError(f"{name} must have at most {_BYTES // 1024} KiB of JSON text")
    return cast("Sequence[Mapping[str, JsonValue]]", rows)
