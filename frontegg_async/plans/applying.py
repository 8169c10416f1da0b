"""Apply a plan: send exactly the writes of the plan, as a bulk job."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.bulk.mixed import MixedRow, run_mixed
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.runs import check_progress
from frontegg_async.bulk.settings import Settings
from frontegg_async.errors import ErrorDetails, GuardShutError, InvalidArgumentError, Outcome
from frontegg_async.managed.registry import KINDS
from frontegg_async.managed.secrets import with_secrets
from frontegg_async.plans.ended_jobs import check_still_applied, read_earlier
from frontegg_async.plans.environment import read_environment
from frontegg_async.plans.plan import Plan
from frontegg_async.plans.write import Write

_DIGEST: Final = re.compile("[0-9a-f]{32,64}")
SUFFIX: Final = ".ledger.sqlite3"
"""The suffix that is added to the path of a plan's file to get the path of its ledger."""


async def apply_plan(
    caller: Caller,
    environment: str,
    plan: Plan | str | os.PathLike[str],
    *,
    ledger: str | os.PathLike[str] | None,
    digest: str | None,
    settings: Mapping[str, JsonValue],
    on_progress: Callable[[BulkProgress], object] | None,
) -> BulkReport:
    """Apply a plan, as documented in `AsyncFrontegg.apply`."""
    Settings.read(settings)
    check_progress(on_progress)
    caller.check_writable("apply")
    loaded = plan if isinstance(plan, Plan) else await run_in_thread(Plan.load, _path(plan))
    check_plan(loaded, digest)
    place = ledger if ledger is not None else _ledger_beside(plan)
    await _check_environment(caller, loaded, "plan" if loaded is plan else f"{plan}:1:1: the plan")
    await run_in_thread(_check_secrets, loaded)
    earlier = await read_earlier(place)
    report = await run_mixed(
        caller,
        environment,
        [*map(_row, loaded.writes)],
        place,
        identity=loaded.digest,
        settings=settings,
        on_progress=on_progress,
    )
    if earlier is not None and earlier.requests == report.requests:
        await check_still_applied(caller, report, place)
    return report


def check_plan(plan: Plan, digest: str | None) -> None:
    """Refuse a plan that differs from the reviewed plan, or that has more dangerous changes than a guard allows.

    Args:
        plan: The plan.
        digest: The digest of the reviewed plan, or at least its first 32 digits.

    Raises:
        InvalidArgumentError: ``digest`` is not a digest, or is the digest of another plan.
        GuardShutError: The plan has more changes of one kind than a guard allows.
    """
    if digest is not None:
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest.lower()):
            raise InvalidArgumentError("digest must be the 64 hexadecimal digits of a plan, or at least the first 32")
        if not plan.digest.startswith(digest.lower()):
            raise InvalidArgumentError(
                f"digest belongs to another plan: this plan has {plan.digest}; give the plan that was reviewed"
            )
    for guard in plan.shut_guards:
        message = (
            f"the guard {guard.name} refuses the plan: the plan has {guard.count:,} of these changes, and the limit is"
            f" {guard.limit:,}; to allow them, make the plan again with {guard.name}={guard.count} allowed"
        )
        raise GuardShutError(message, ErrorDetails(reason=guard.name, outcome=Outcome.NOT_SENT))


def _path(plan: object) -> Path:
    if not isinstance(plan, str | os.PathLike):
        raise InvalidArgumentError(f"plan must be a Plan or the path of a plan's file, not {kind_of(plan)}")
    return Path(cast("str | os.PathLike[str]", plan))


def _ledger_beside(plan: Plan | str | os.PathLike[str]) -> Path:
    if isinstance(plan, Plan):
        raise InvalidArgumentError("ledger must be given, since the plan is not a file: give the path of a new ledger")
    path = Path(plan)
    return path.with_name(f"{path.name}{SUFFIX}")


async def _check_environment(caller: Caller, plan: Plan, name: str) -> None:
    """Refuse a plan that belongs to another environment.

    ``name`` is the name of the plan in messages.

    Raises:
        InvalidArgumentError: The plan belongs to another environment, or the environment of the plan is unknown.
        FronteggError: The environment cannot be read.
    """
    here = await read_environment(caller, None)
    if plan.environment_id is None or here.id is None:
        raise InvalidArgumentError(
            f"{name} cannot be applied, since the service did not show the id of its environment"
        )
    if plan.environment_id != here.id:
        message = f"{name} belongs to another environment, {plan.environment_id}; this client uses {here.id}"
        raise InvalidArgumentError(message)


def _check_secrets(plan: Plan) -> None:
    """Refuse a plan with secrets that cannot be read, before the first write is sent. The call blocks.

    Raises:
        InvalidArgumentError: Secrets cannot be read; the message names all of them.
    """
    problems: list[str] = []
    for write in plan.writes:
        if not write.is_of_object:
            continue
        fields = KINDS[write.part or ""].fields_of(write.object_key or "")
        try:
            with_secrets(fields, cast("Mapping[str, JsonValue]", write.sets))
        except InvalidArgumentError as error:
            problems.append(f"{write.key}: {error.message}")
    if problems:
        raise InvalidArgumentError("; ".join(problems))


def _row(write: Write) -> MixedRow:
    return MixedRow(
        operation=write.operation,
        values=write.values(),
        generation=write.generation,
        created_at=write.created_at,
        before=cast("Mapping[str, JsonValue] | None", write.before),
        depends_on=write.depends_on,
    )
