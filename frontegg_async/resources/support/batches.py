"""Split any number of ids into requests with at most 100 ids each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async.errors import ErrorDetails, FronteggError, Outcome, PartialFailureError

T = TypeVar("T")

MAX_IDS: Final = 100
"""The largest number of ids that the service accepts in one request."""


async def in_batches(
    operation: str,
    ids: Sequence[str],
    send: Callable[[Sequence[str]], Awaitable[T]],
    *,
    of: str = "ids",
    size: int = MAX_IDS,
) -> list[T]:
    """Make one call for each batch of ids, one call at a time. After a failed call, the other calls are still made.

    Args:
        operation: The name of the operation, for the error.
        ids: The ids, at least one.
        send: Makes the call for one batch.
        of: The plural noun for the objects with these ids. Messages contain it.
        size: The largest number of ids in one call.

    Returns:
        The responses, in the order of the ids.

    Raises:
        PartialFailureError: At least one of several requests failed. The error lists every id with its outcome.
        FronteggError: The only request failed.
    """
    if len(ids) <= size:
        try:
            return [await send(ids)]
        except FronteggError as error:
            shorten(error)
            raise
    results: list[T] = []
    succeeded: list[str] = []
    failed: dict[str, FronteggError] = {}
    unknown: list[str] = []
    first_failure = ""
    attempts = 0
    started = time.monotonic()
    for start in range(0, len(ids), size):
        batch = ids[start : start + size]
        try:
            results.append(await send(batch))
        except asyncio.CancelledError as cancelled:
            sent = start + len(batch)
            cancelled.add_note(
                f"{operation}: of {len(ids)} {of} {len(succeeded)} succeeded, {len(failed)} failed, "
                f"{len(unknown) + len(batch)} are unknown (among them {batch[0]!r} to {batch[-1]!r}), "
                f"and the last {len(ids) - sent} were not sent."
            )
            raise
        except FronteggError as error:
            attempts += error.attempts
            if error.outcome is Outcome.DONE:
                succeeded.extend(batch)
                continue
            first_failure = first_failure or str(error)
            if error.outcome is Outcome.UNKNOWN:
                unknown.extend(batch)
            else:
                failed.update(dict.fromkeys(batch, error))
        else:
            attempts += 1
            succeeded.extend(batch)
    if failed or unknown:
        raise PartialFailureError(
            f"{operation}: of {len(ids)} {of} {len(succeeded)} succeeded, {len(failed)} failed, "
            f"{len(unknown)} are unknown; the first failure: {first_failure}",
            ErrorDetails(
                endpoint=operation,
                attempts=attempts,
                elapsed=time.monotonic() - started,
                outcome=Outcome.UNKNOWN if unknown else Outcome.REFUSED,
                succeeded=tuple(succeeded),
                failed=failed,
                unknown=tuple(unknown),
            ),
        )
    return results
