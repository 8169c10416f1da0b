"""Runs checks one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from frontegg_async.conformance.check import Check, CheckStatus, Result
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe
from frontegg_async.conformance.question import Found
from frontegg_async.errors import FronteggError


async def run_checks(
    probe: Probe, checks: Sequence[Check], on_result: Callable[[Result], object] | None = None
) -> list[Result]:
    """Run checks in order and return what came of each.

    Args:
        probe: What they ask the service with.
        checks: The checks.
        on_result: Called with each result as it comes.
    """
    results: list[Result] = []
    for check in checks:
        result = await run_check(probe, check)
        results.append(result)
        if on_result is not None:
            on_result(result)
    return results


async def run_check(probe: Probe, check: Check) -> Result:
    """Run a check and return what came of it.

    Args:
        probe: What it asks the service with.
        check: The check.

    Raises:
        ConfigurationError: What is made cannot be noted.
    """
    if check.run is None:
        return Result(check, CheckStatus.NOT_TRIED, check.untried)
    if check.writes and probe.made is None:
        return Result(check, CheckStatus.NOT_TRIED, "it writes: --write tries it")
    if check.writes and probe.is_read_only:
        return Result(check, CheckStatus.NOT_TRIED, "the credential may not write")
    try:
        found = await check.run(probe)
    except NotTriedError as error:
        return Result(check, CheckStatus.NOT_TRIED, str(error))
    except FronteggError:  # the record cannot be written: without it, nothing may be made
        raise
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # An answer of a form that nobody thought of; its text may hold data.
        return Result(
            check, CheckStatus.DIFFERS, f"its answer has another form than can be read ({type(error).__name__})"
        )
    if not isinstance(found, Found):
        found = Found(None, found or "")
    return Result(check, CheckStatus.DIFFERS if found.words else CheckStatus.HELD, found.words, found.value)
