"""Every class of errors maps to a response, and no response contains text of the error."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from typing import Final

import attrs
import pytest

from frontegg_async import AsyncFrontegg, errors
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ErrorDetails, ErrorResponse, FronteggError, Outcome
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, log_problem, problem_of

_CANARY: Final = "canary-7f3a"
_INVALID: Final = 'Bearer error="invalid_token"'
_USER: Final = ErrorDetails(of_user=True)


def _because(reason: str, **fields: object) -> ErrorDetails:
    return attrs.evolve(ErrorDetails(reason=reason), **fields)


@pytest.mark.parametrize(
    ("error", "status", "code", "headers"),
    [
        (
            errors.TokenVerificationError("no", _because("missing")),
            401,
            "token_missing",
            {"WWW-Authenticate": "Bearer"},
        ),
        (
            errors.TokenVerificationError("no", _because("expired")),
            401,
            "token_expired",
            {"WWW-Authenticate": _INVALID},
        ),
        *(
            (
                errors.TokenVerificationError("no", _because(reason)),
                401,
                "token_invalid",
                {"WWW-Authenticate": _INVALID},
            )
            for reason in (
                *("malformed", "too_large", "algorithm", "signature", "unknown_key", "type", "issuer", "audience"),
                *("tenant", "claims", "not_yet_valid", "unknown"),
            )
        ),
        (errors.TokenVerificationError("no"), 401, "token_invalid", {"WWW-Authenticate": _INVALID}),
        (errors.WebhookVerificationError("no"), 401, "webhook_refused", {}),
        (errors.WebhookPayloadError("no", _because("too_large")), 413, "webhook_too_large", {}),
        (errors.WebhookPayloadError("no", _because("not_json")), 400, "webhook_malformed", {}),
        (errors.TokenVerificationError("no", _because("keys_unavailable")), 503, "unavailable", {"Retry-After": "1"}),
        (
            errors.TokenVerificationError("no", _because("keys_unavailable", retry_after=29.2)),
            503,
            "unavailable",
            {"Retry-After": "30"},
        ),
        (
            errors.MissingPermissionError("no", _because("entitlement", missing=("orders.write",))),
            403,
            "permission_missing",
            {"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
        ),
        (errors.NotEntitledError("no", _because("missing_feature", missing=("reports",))), 403, "not_entitled", {}),
        (errors.StaleEntitlementsError("no"), 503, "unavailable", {"Retry-After": "1"}),
        (errors.AuthenticationError("no", _USER), 401, "token_invalid", {"WWW-Authenticate": _INVALID}),
        (errors.AuthenticationError("no"), 502, "upstream_failed", {}),
        (errors.PermissionDeniedError("no", _USER), 403, "forbidden", {}),
        (errors.PermissionDeniedError("no"), 502, "upstream_failed", {}),
        (errors.NotFoundError("no"), 404, "not_found", {}),
        (errors.NotFoundError("no", _USER), 404, "not_found", {}),
        (errors.ConflictError("no"), 409, "conflict", {}),
        (errors.InvalidArgumentError("no"), 422, "invalid", {}),
        (errors.RateLimitError("no", ErrorDetails(retry_after=12.01)), 429, "rate_limited", {"Retry-After": "13"}),
        (errors.RateLimitError("no", ErrorDetails(retry_after=0.0)), 429, "rate_limited", {"Retry-After": "1"}),
        (errors.RateLimitError("no"), 429, "rate_limited", {"Retry-After": "1"}),
        (errors.ConnectionFailedError("no"), 503, "unavailable", {"Retry-After": "1"}),
        (errors.RequestTimeoutError("no"), 504, "timeout", {}),
        (errors.MigrationTimeoutError("no"), 504, "timeout", {}),
        (errors.WriteTimeoutError("no"), 504, "timeout", {}),
        (errors.OutcomeUnknownError("no"), 502, "outcome_unknown", {}),
        (errors.ResultLostError("no"), 502, "result_lost", {}),
        (errors.ServerOutcomeUnknownError("no"), 502, "outcome_unknown", {}),
        (errors.OnboardingError("no"), 502, "incomplete", {}),
        (errors.OffboardingError("no"), 502, "incomplete", {}),
        (errors.ServerError("no"), 502, "upstream_failed", {}),
        (errors.ServerError("no", ErrorDetails(retry_after=3.0)), 502, "upstream_failed", {"Retry-After": "3"}),
        *(
            (kind("no"), 502, "upstream_failed", {})
            for kind in (
                errors.BadRequestError,
                errors.ClientClosedError,
                errors.ConfigurationError,
                errors.DecodeError,
                errors.FronteggError,
                errors.MoveError,
                errors.PaginationError,
                errors.PartialFailureError,
                errors.ProtocolError,
                errors.ResponseMismatchError,
                errors.UnexpectedRedirectError,
                errors.WrongLoopError,
            )
        ),
    ],
    ids=lambda value: repr(value)[:60] if isinstance(value, FronteggError) else "",
)
def test_each_error_has_its_response(error: FronteggError, status: int, code: str, headers: dict[str, str]) -> None:
    """The table has status, code and headers for each class, and for each reason why a token is not accepted."""
    problem = problem_of(error)

    expected = {"Cache-Control": "no-store", **headers}
    assert (problem.status, problem.code, problem.headers) == (status, code, expected)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.WriteTimeoutError("no", ErrorDetails(outcome=Outcome.UNKNOWN)), "unknown"),
        (errors.OutcomeUnknownError("no", ErrorDetails(outcome=Outcome.UNKNOWN)), "unknown"),
        (errors.ConnectionFailedError("no", ErrorDetails(outcome=Outcome.NOT_SENT)), "not_sent"),
        (errors.RequestTimeoutError("no", ErrorDetails(outcome=Outcome.NOT_SENT)), "not_sent"),
        (errors.MoveError("no", ErrorDetails(outcome=Outcome.UNKNOWN)), "unknown"),
        (errors.ClientClosedError("no", ErrorDetails(outcome=Outcome.UNKNOWN)), "unknown"),
        # Errors of reads, which change nothing.
        (errors.ConnectionFailedError("no", ErrorDetails(outcome=Outcome.UNKNOWN)), None),
        (errors.RequestTimeoutError("no", ErrorDetails(outcome=Outcome.UNKNOWN)), None),
        (errors.ServerError("no", ErrorDetails(outcome=Outcome.UNKNOWN)), None),
        (errors.BadRequestError("no", ErrorDetails(outcome=Outcome.REFUSED)), None),
        (errors.NotFoundError("no", ErrorDetails(outcome=Outcome.REFUSED)), None),
        (errors.RateLimitError("no", ErrorDetails(outcome=Outcome.NOT_SENT)), None),
        (errors.ServerError("no"), None),
    ],
    ids=repr,
)
def test_the_outcome_of_a_write_is_reported(error: FronteggError, told: str | None) -> None:
    """The response says whether anything may have been done, if the status does not."""
    assert problem_of(error).body().get("outcome") == told


@pytest.mark.parametrize(
    ("reason", "said"), [("missing_feature", "does not include this"), ("bundle_expired", "has expired")]
)
def test_a_missing_feature_is_named(reason: str, said: str) -> None:
    """The key of the feature comes from the route, and the reason from the SDK."""
    body = problem_of(errors.NotEntitledError(_CANARY, _because(reason, missing=("reports",)))).body()
    assert (body["feature"], body["reason"], body["code"]) == ("reports", reason, "not_entitled")
    assert said in str(body["detail"])
    assert _CANARY not in str(body)


_OWN_WORDS: Final = errors.NotEntitledError
"""The error whose details are written by the integrations alone."""

_KINDS: Final = sorted(
    (
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, FronteggError) and kind is not _OWN_WORDS
    ),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("of_user", [False, True])
@pytest.mark.parametrize("kind", _KINDS)
def test_no_response_contains_text_of_the_error(kind: type[FronteggError], of_user: bool) -> None:
    """Messages, ids, codes, trace ids and bodies of the service are not passed on."""
    details = ErrorDetails(
        endpoint=_CANARY,
        trace_id=_CANARY,
        reason=_CANARY,
        code=_CANARY,
        codes=(_CANARY,),
        messages=(_CANARY,),
        missing=(_CANARY,),
        paths=(_CANARY,),
        response=ErrorResponse(status=418, trace_id=_CANARY, body={"errors": [_CANARY]}),
        asked={"name": _CANARY},
        of_user=of_user,
    )
    problem = problem_of(kind(_CANARY, details))

    assert _CANARY not in f"{problem}{problem.headers}{problem.encode().decode()}"
    assert 400 <= problem.status < 600


def test_the_body_is_problem_details() -> None:
    """The members are those of RFC 9457, and a code for programs."""
    problem = problem_of(errors.NotFoundError("tenants.get returned 404"))

    assert CONTENT_TYPE == "application/problem+json"
    assert json.loads(problem.encode()) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "The requested object does not exist.",
        "code": "not_found",
    }


@pytest.mark.parametrize(("status", "written"), [(502, 1), (404, 0)])
def test_failures_are_logged(status: int, written: int, caplog: pytest.LogCaptureFixture) -> None:
    """Failures are logged in one line with the trace id; errors of the caller are not."""
    error = errors.ServerError("tenants.get returned 500", ErrorDetails(trace_id="0af7"))
    with caplog.at_level(logging.DEBUG, "frontegg_async.integrations"):
        log_problem(error, Problem(status=status, code="x", detail="y"))

    lines = ["responding with 502: ServerError: tenants.get returned 500 (trace id 0af7)"]
    assert [record.getMessage() for record in caplog.records] == lines[:written]


@pytest.mark.anyio
async def test_errors_say_whose_credential_was_refused(frontegg_emulator: EmulatorHandle) -> None:
    """A refused token of a user is 401; a refused credential of the client is 502."""
    emulator = frontegg_emulator
    emulator.seed(tenants=[{"tenantId": "north", "name": "North"}])
    token = emulator.user_token(tenant_id="north", expires_in=0.001).access_token
    emulator.clock(advance=60)
    async with AsyncFrontegg(
        emulator.client_id,
        emulator.secret,
        base_url=emulator.url,
    ) as frontegg:
        with pytest.raises(errors.AuthenticationError) as of_user:
            await frontegg.as_user(token).hierarchy.tree()
    async with AsyncFrontegg(emulator.client_id, "emu_wrong", base_url=emulator.url) as wrong:
        with pytest.raises(errors.AuthenticationError) as of_client:
            await wrong.tenants.get("north")

    assert [problem_of(each.value).status for each in (of_user, of_client)] == [401, 502]


@pytest.mark.parametrize(
    ("message", "argument"),
    [
        ("name must not be empty", "name"),
        ("a key of metadata has a lone surrogate, which is not valid Unicode text", "metadata"),
        ("metadata['a b'][0] is of type set, which JSON cannot hold", "metadata"),
        ("conditions[2].values must be a list with at least one text", "conditions"),
        ("give either user_ids or external_ids", None),
        ("two nodes of a tree have the same id", None),
    ],
)
def test_a_form_can_mark_the_field(message: str, argument: str | None) -> None:
    """The error has the argument as data, which survives copies; the response has it with the message."""
    error = errors.InvalidArgumentError(message)
    for each in (error, copy.copy(error), pickle.loads(pickle.dumps(error)), error.fresh()):
        assert (each.argument, each.outcome) == (argument, Outcome.NOT_SENT)
    shown = None if argument is None else [{"argument": argument, "message": message}]
    assert problem_of(error).body().get("errors") == shown
