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
    """Run checks in order and return the results.

    Args:
        probe: The probe that sends the requests.
        checks: The checks.
        on_result: Called with each result as soon as its check ends.
    """
    results: list[Result] = []
    for check in checks:
        result = await run_check(probe, check)
        results.append(result)
        if on_result is not None:
            on_result(result)
    return results


async def run_check(probe: Probe, check: Check) -> Result:
    """Run a check and return the result.

    Args:
        probe: The probe that sends the requests.
        check: The check.

    Raises:
        ConfigurationError: The record of the run cannot be written.
    """
    if check.run is None:
        return Result(check, CheckStatus.NOT_TRIED, check.untried)
    if check.writes and probe.made is None:
        return Result(check, CheckStatus.NOT_TRIED, "the check writes: only a run with --write tries this check")
    if check.writes and probe.is_read_only:
        return Result(check, CheckStatus.NOT_TRIED, "the credential may not write")
    try:
        found = await check.run(probe)
    except NotTriedError as error:
        return Result(check, CheckStatus.NOT_TRIED, str(error))
    except FronteggError:  # the record cannot be written, so checks must not make objects
        raise
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # The answer has an unexpected form. The text of the error may contain data.
        return Result(check, CheckStatus.DIFFERS, f"the answer has an unexpected form ({type(error).__name__})")
    if not isinstance(found, Found):
        found = Found(None, found or "")
    return Result(check, CheckStatus.DIFFERS if found.words else CheckStatus.HELD, found.words, found.value)
