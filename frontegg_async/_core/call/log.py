"""Log attempts and retries. Headers, bodies, addresses and secrets are never logged."""

from __future__ import annotations

import logging
from typing import Final

from frontegg_async._core.http.attempt_results import AttemptResult, RawResponse
from frontegg_async.endpoints import Endpoint

logger: Final = logging.getLogger("frontegg_async")
logger.addHandler(logging.NullHandler())


def log_attempt(endpoint: Endpoint[object], result: AttemptResult, number: int, seconds: float) -> None:
    """Log one attempt at DEBUG."""
    shown = result.status if isinstance(result, RawResponse) else result.reason
    trace_id = result.trace_id if isinstance(result, RawResponse) else None
    logger.debug(
        "%s %s %s -> %s, attempt %d, %.1f ms, trace id %s",
        endpoint.name,
        endpoint.method,
        endpoint.path,
        shown,
        number,
        seconds * 1000,
        trace_id,
        extra={
            "operation": endpoint.name,
            "method": endpoint.method,
            "template": endpoint.path,
            "result": shown,
            "attempt": number,
            "milliseconds": seconds * 1000,
            "trace_id": trace_id,
        },
    )


def log_retry(endpoint: Endpoint[object], action: str, reason: str, number: int, wait: float) -> None:
    """Log at INFO that a call continues after a failed attempt."""
    logger.info(
        "%s: %s after attempt %d (%s), in %.2f s",
        endpoint.name,
        action,
        number,
        reason,
        wait,
        extra={"operation": endpoint.name, "action": action, "reason": reason, "attempt": number, "wait": wait},
    )
