"""Error responses and failed attempts are mapped to the errors that callers get."""

from __future__ import annotations

import json
from types import NoneType
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict
from yarl import URL

from frontegg_async._core.call.failures import (
    error_of_failure,
    error_of_missing,
    error_of_redirect,
    error_of_response,
    unknown_outcome,
)
from frontegg_async._core.http.attempt_results import Failure, Kind, RawResponse
from frontegg_async._core.http.transport import Request
from frontegg_async.endpoints import Auth, Endpoint, Retry
from frontegg_async.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    ErrorDetails,
    FronteggError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    ServerOutcomeUnknownError,
    UnexpectedRedirectError,
    WriteTimeoutError,
)

_TRACE_ID: Final = "0af7651916cd43dd8448eb211c80319c"
_DETAILS: Final = ErrorDetails(endpoint="things.do", attempts=2, elapsed=0.5)


def _endpoint(retry: Retry) -> Endpoint[object]:
    return Endpoint(name="things.do", method="POST", path="/things", auth=Auth.NONE, returns=NoneType, retry=retry)


_ENDPOINTS: Final = {retry: _endpoint(retry) for retry in Retry}
_READ: Final = _ENDPOINTS[Retry.SAFE]


def _reply(status: int, body: object = b"", **headers: str) -> RawResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    known = {"frontegg-trace-id": _TRACE_ID, "Content-Type": "application/json"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawResponse(status, CIMultiDict(known | named), raw)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (402, BadRequestError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (405, BadRequestError),
        (409, ConflictError),
        (413, BadRequestError),
        (414, BadRequestError),
        (422, BadRequestError),
        (425, BadRequestError),
        (429, RateLimitError),
        (451, BadRequestError),
    ],
)
@pytest.mark.parametrize("retry", Retry)
def test_refusals(status: int, kind: type[APIError], retry: Retry) -> None:
    """A refusal has the class of its status, whatever the operation."""
    error = error_of_response(_ENDPOINTS[retry], _reply(status), _DETAILS)
    assert type(error) is kind
    assert (error.status, error.outcome, error.trace_id) == (status, Outcome.REFUSED, _TRACE_ID)
    assert (error.endpoint, error.attempts, error.elapsed) == ("things.do", 2, 0.5)
    assert str(error) == f"things.do returned {status} (trace id {_TRACE_ID})"
    assert error.response.status == status
    assert error.response.trace_id == _TRACE_ID
    assert error.response.content_type == "application/json"


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("retry", Retry)
def test_failures_of_the_service(status: int, retry: Retry) -> None:
    """After a 5xx nobody knows; where something may have been written, the class says so."""
    error = error_of_response(_ENDPOINTS[retry], _reply(status), _DETAILS)
    assert type(error) is (ServerError if retry is Retry.SAFE else ServerOutcomeUnknownError)
    assert isinstance(error, OutcomeUnknownError) is (retry is not Retry.SAFE)
    assert (error.status, error.outcome) == (status, Outcome.UNKNOWN)
    assert error.details.reason == f"status {status}"


@pytest.mark.parametrize("status", [101, 408])
@pytest.mark.parametrize("retry", Retry)
def test_statuses_that_do_not_tell(status: int, retry: Retry) -> None:
    """A timeout of the edge, or no final response: a write may have been done."""
    error = error_of_response(_ENDPOINTS[retry], _reply(status), _DETAILS)
    assert type(error) is (BadRequestError if retry is Retry.SAFE else ServerOutcomeUnknownError)
    assert error.outcome is Outcome.UNKNOWN


def test_a_refusal_after_a_lost_answer() -> None:
    """When an earlier attempt may have acted, a later refusal does not say that nothing was done."""
    details = ErrorDetails(outcome=Outcome.UNKNOWN)
    assert error_of_response(_ENDPOINTS[Retry.RESEND], _reply(400), details).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("body", "messages", "codes"),
    [
        (
            {"errors": ["Application ID is not specified"], "errorCode": "ER-00008"},
            ("Application ID is not specified",),
            ("ER-00008",),
        ),
        (
            {"errors": ["a", "b"], "errorCode": "E1", "errorCodes": ["E1", "E2"], "context": {"x": 1}},
            ("a", "b"),
            ("E1", "E2"),
        ),
        ({"errorCodes": ["E2", "E3"]}, (), ("E2", "E3")),
        (
            {"statusCode": 400, "error": "Bad Request", "message": "name must be a string"},
            ("name must be a string",),
            (),
        ),
        ({"statusCode": 400, "error": "Bad Request", "message": ["a", "b"]}, ("a", "b"), ()),
        ({"statusCode": 404, "error": "Not Found"}, ("Not Found",), ()),
        ({"message": "no"}, ("no",), ()),
        ({"errors": "no"}, ("no",), ()),
        ({"errors": []}, (), ()),
        ({"errors": [], "message": "no"}, ("no",), ()),
        ({"errors": [{"field": "x"}, 5, None, "", "no"], "errorCode": 8}, ("no",), ()),
        ({"errors": {"name": "no"}}, (), ()),
        ({"errors": None, "message": None, "error": None, "errorCode": None, "errorCodes": None}, (), ()),
        ([], (), ()),
        ("no", (), ()),
        (None, (), ()),
        (5, (), ()),
        (b"", (), ()),
        (b"<html><body>502 Bad Gateway</body></html>", (), ()),
        (b"\xff\xfe", (), ()),
        (b"[" * 100_000, (), ()),
        (b'{"errors": ["cut', (), ()),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_envelopes(body: object, messages: tuple[str, ...], codes: tuple[str, ...]) -> None:
    """Texts and codes are found in each envelope of the service, and nothing is lost or invented elsewhere."""
    error = error_of_response(_READ, _reply(400, body), _DETAILS)
    assert type(error) is BadRequestError
    assert (error.messages, error.codes) == (messages, codes)
    assert error.code == (codes[0] if codes else None)
    assert len(str(error).splitlines()) == 1
    hint = "; name an application by the header frontegg-application-id, or make one the default"
    said = f": {'; '.join(messages)}{hint if 'ER-00008' in codes else ''} (" if messages else " ("
    assert str(error).startswith(f"things.do returned 400{said}")


@pytest.mark.parametrize("count", [3, 5])
def test_many_texts(count: int) -> None:
    """The text of an error has the first three, and says how many more there are."""
    error = error_of_response(_READ, _reply(400, {"errors": [f"e{number}" for number in range(count)]}), _DETAILS)
    more = "; and 2 more" if count > 3 else ""
    assert str(error) == f"things.do returned 400: e0; e1; e2{more} (trace id {_TRACE_ID})"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("ER-00008", "name an application by the header frontegg-application-id"),
        ("ER-01008", "assign the tenant by applications.assign"),
        ("ER-01182", "users.resend_invitation sends it again"),
    ],
)
def test_hints_about_codes(code: str, hint: str) -> None:
    """A refusal that one call of the SDK ends says which, wherever the envelope has its code."""
    for body in ({"errors": ["no"], "errorCode": code}, {"errors": ["no"], "errorCodes": ["ER-1", code]}):
        assert hint in str(error_of_response(_READ, _reply(403, body), _DETAILS))


def test_bodies_are_kept() -> None:
    """The parsed body is kept beside the error, of another body the beginning, and neither is in its text."""
    assert error_of_response(_READ, _reply(400, {"errors": ["no"], "n": 1}), _DETAILS).response.body == {
        "errors": ["no"],
        "n": 1,
    }
    assert error_of_response(_READ, _reply(400), _DETAILS).response.body is None
    html = error_of_response(_READ, _reply(502, b"<html>" + b"x" * 5_000), _DETAILS)
    assert html.response.body == "<html>" + "x" * 994
    assert "html" not in str(html) + repr(html) + repr(html.args)
    assert error_of_response(_READ, _reply(400, b"\xff\xfe"), _DETAILS).response.body == "\ufffd\ufffd"


def test_texts_of_the_service_are_bounded() -> None:
    """A flood of texts does not flood the error, and a text of many lines is shown on one."""
    error = error_of_response(_READ, _reply(400, {"errors": ["x\r\n\u2028" * 1_000] * 50}), _DETAILS)
    assert len(error.messages) == 20
    assert {len(text) for text in error.messages} == {1_000}
    assert error.message == "things.do returned 400: " + ("x " * 100)
    assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(400, ConflictError), (422, ConflictError), (404, NotFoundError), (403, PermissionDeniedError)]
)
def test_what_exists_already(status: int, kind: type[APIError]) -> None:
    """A creation that says that the tenant exists is a conflict, also when it says so with 400."""
    response = _reply(status, {"errors": ["Tenant already exists"]})
    assert type(error_of_response(_ENDPOINTS[Retry.RECONCILE], response, _DETAILS)) is kind
    for retry in set(Retry) - {Retry.RECONCILE}:
        assert type(error_of_response(_ENDPOINTS[retry], response, _DETAILS)) is not ConflictError


@given(
    status=st.integers(400, 599), body=st.binary(max_size=200) | st.text().map(str.encode), retry=st.sampled_from(Retry)
)
def test_any_answer_becomes_an_error(status: int, body: bytes, retry: Retry) -> None:
    """No body breaks the making of an error."""
    error = error_of_response(_ENDPOINTS[retry], _reply(status, body), _DETAILS)
    assert error.response.status == status
    assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://evil.example/path?token=canary#canary", "evil.example"),
        ("https://user:canary@evil.example:8443/", "evil.example"),
        ("//evil.example/canary", "evil.example"),
        ("/canary", "the same host"),
        ("?canary", "the same host"),
        ("", "the same host"),
        ("http://[canary", "the same host"),
        (None, "the same host"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects(status: int, location: str | None, said: str) -> None:
    """A redirect is an error that tells the host of the target and no more."""
    response = _reply(status) if location is None else _reply(status, Location=location)
    error = error_of_redirect(_READ, response, _DETAILS)
    assert type(error) is UnexpectedRedirectError
    assert f"({status}) to {said}, and redirects are not followed" in str(error)
    assert "canary" not in str(error) + repr(error.args)
    assert (error.outcome, error.trace_id, error.attempts) == (Outcome.REFUSED, _TRACE_ID, 2)


def test_what_is_missing() -> None:
    """A success that means "not there" is the not-found error, and keeps the status that was sent."""
    error = error_of_missing(_READ, Request("GET", URL("http://a.example/things"), {}, None), _reply(200, []), _DETAILS)
    assert type(error) is NotFoundError
    assert (error.status, error.response.status, error.outcome) == (404, 200, Outcome.REFUSED)
    assert str(error) == f"things.do found nothing (trace id {_TRACE_ID})"


_Cell = tuple[Kind, str, bool, type[FronteggError]]
_FAILURES: Final[list[_Cell]] = [
    (Kind.NOT_SENT, "refused", False, ConnectionFailedError),
    (Kind.NOT_SENT, "refused", True, ConnectionFailedError),
    (Kind.NOT_SENT, "connect_timeout", True, ConnectionFailedError),
    (Kind.UNTRUSTED, "tls", False, ConnectionFailedError),
    (Kind.UNTRUSTED, "tls", True, ConnectionFailedError),
    (Kind.AMBIGUOUS, "disconnected", False, ProtocolError),
    (Kind.AMBIGUOUS, "disconnected", True, OutcomeUnknownError),
    (Kind.AMBIGUOUS, "timeout", False, RequestTimeoutError),
    (Kind.AMBIGUOUS, "timeout", True, WriteTimeoutError),
]


@pytest.mark.parametrize(("kind", "reason", "writes", "expected"), _FAILURES)
def test_failures(kind: Kind, reason: str, *, writes: bool, expected: type[FronteggError]) -> None:
    """What was not sent failed to connect; what was sent and writes has an unknown outcome; a read just failed."""
    for retry in set(Retry) - {Retry.SAFE} if writes else {Retry.SAFE}:
        error = error_of_failure(_ENDPOINTS[retry], Failure(kind, reason, "it went wrong"), _DETAILS)
        assert type(error) is expected
        assert error.details.reason == reason
        assert error.outcome is (Outcome.UNKNOWN if kind is Kind.AMBIGUOUS else Outcome.NOT_SENT)
        assert str(error).startswith("things.do: it went wrong")
        assert ("may have acted" in str(error)) is isinstance(error, OutcomeUnknownError)
        assert (error.attempts, error.elapsed, error.endpoint) == (2, 0.5, "things.do")


@pytest.mark.parametrize("kind", [Kind.NOT_SENT, Kind.UNTRUSTED])
def test_a_failure_to_connect_after_a_lost_answer(kind: Kind) -> None:
    """A write of which an earlier attempt was lost stays unknown, also when the last one was not sent."""
    failure = Failure(kind, "refused", "it went wrong")
    details = ErrorDetails(outcome=Outcome.UNKNOWN)
    for retry in set(Retry) - {Retry.SAFE}:
        error = error_of_failure(_ENDPOINTS[retry], failure, details)
        assert type(error) is OutcomeUnknownError
        assert (error.outcome, error.reason) == (Outcome.UNKNOWN, "refused")
    read = error_of_failure(_READ, failure, details)
    assert type(read) is ConnectionFailedError
    assert read.outcome is Outcome.UNKNOWN


def test_an_unknown_outcome() -> None:
    """A write of which no response tells says so, with the reason."""
    error = unknown_outcome(_ENDPOINTS[Retry.NEVER], "decode", _DETAILS)
    assert type(error) is OutcomeUnknownError
    assert (error.outcome, error.reason, error.attempts) == (Outcome.UNKNOWN, "decode", 2)
    assert str(error) == "things.do: no response shows whether the service acted (decode)"


def test_an_answer_does_not_show_its_content() -> None:
    """The record of a response is for the log too: neither headers nor body are in it."""
    response: Any = _reply(200, {"canary": 1}, x_canary="canary")
    assert "canary" not in repr(response)
    assert response.trace_id == _TRACE_ID
    assert RawResponse(200, CIMultiDict(), b"").trace_id is None
