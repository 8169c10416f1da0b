"""Logging by an allow-list: operation, method, path template, status, attempt, time and trace id. Nothing else."""

from __future__ import annotations

import logging
from typing import Final

from frontegg_async._core.http.outcomes import Failure, RawResponse
from frontegg_async.endpoints import Endpoint

logger: Final = logging.getLogger("frontegg_async")
logger.addHandler(logging.NullHandler())


def log_attempt(endpoint: Endpoint[object], outcome: RawResponse | Failure, number: int, seconds: float) -> None:
    """Log one attempt at DEBUG."""
    result = outcome.status if isinstance(outcome, RawResponse) else outcome.reason
    trace_id = outcome.trace_id if isinstance(outcome, RawResponse) else None
    logger.debug(
        "%s %s %s -> %s, attempt %d, %.1f ms, trace id %s",
        endpoint.name,
        endpoint.method,
        endpoint.path,
        result,
        number,
        seconds * 1000,
        trace_id,
        extra={
            "operation": endpoint.name,
            "method": endpoint.method,
            "template": endpoint.path,
            "result": result,
            "attempt": number,
            "milliseconds": seconds * 1000,
            "trace_id": trace_id,
        },
    )


def log_retry(endpoint: Endpoint[object], action: str, reason: str, number: int, wait: float) -> None:
    """Log at INFO that a call goes on after a failed attempt."""
    logger.info(
        "%s: %s after attempt %d (%s), in %.2f s",
        endpoint.name,
        action,
        number,
        reason,
        wait,
        extra={"operation": endpoint.name, "action": action, "reason": reason, "attempt": number, "wait": wait},
    )
