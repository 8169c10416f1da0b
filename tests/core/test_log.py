"""The log of attempts and retries has the fields of the allow-list and nothing else."""

from __future__ import annotations

import logging
from typing import Final

import pytest
from multidict import CIMultiDict

from frontegg_async._core.call.log import log_attempt, log_retry
from frontegg_async._core.call.retries import Action
from frontegg_async._core.http.attempt_results import Failure, Kind, RawResponse
from frontegg_async.endpoints.tenants import GET

_NAME: Final = "frontegg_async"
_TEMPLATE: Final = "/tenants/resources/tenants/v2/{tenant_id}"
_USUAL: Final = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _USUAL}


def test_an_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, with its status and trace id; a header or a body is not among the fields."""
    headers = CIMultiDict({"Frontegg-Trace-Id": "trace-1", "Set-Cookie": "canary"})
    with caplog.at_level(logging.DEBUG, logger=_NAME):
        log_attempt(GET, RawResponse(503, headers, b"canary"), 2, 0.0125)
    (record,) = caplog.records
    assert (record.name, record.levelno) == (_NAME, logging.DEBUG)
    assert record.getMessage() == f"tenants.get GET {_TEMPLATE} -> 503, attempt 2, 12.5 ms, trace id trace-1"
    assert _fields(record) == {
        "operation": "tenants.get",
        "method": "GET",
        "template": _TEMPLATE,
        "result": 503,
        "attempt": 2,
        "milliseconds": 12.5,
        "trace_id": "trace-1",
    }


def test_a_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """By its one word; its message stays out."""
    with caplog.at_level(logging.DEBUG, logger=_NAME):
        log_attempt(GET, Failure(Kind.AMBIGUOUS, "reset", "canary"), 1, 2.0)
    (record,) = caplog.records
    assert record.getMessage() == f"tenants.get GET {_TEMPLATE} -> reset, attempt 1, 2000.0 ms, trace id None"
    assert (_fields(record)["result"], _fields(record)["trace_id"]) == ("reset", None)


def test_a_retry_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At INFO, with what is done next, why and when."""
    with caplog.at_level(logging.INFO, logger=_NAME):
        log_attempt(GET, Failure(Kind.AMBIGUOUS, "reset", "canary"), 1, 2.0)
        log_retry(GET, Action.RECONCILE.value, "reset", 3, 0.25)
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == "tenants.get: reconcile after attempt 3 (reset), in 0.25 s"
    assert _fields(record) == {
        "operation": "tenants.get",
        "action": "reconcile",
        "reason": "reset",
        "attempt": 3,
        "wait": 0.25,
    }
