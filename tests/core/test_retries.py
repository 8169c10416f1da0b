"""The retry policy: the kind of each failure, the table of decisions, and backoff with jitter."""

from __future__ import annotations

import math
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from frontegg_async._core.call.retries import Action, Decision, RetryState, backoff, classify, decide
from frontegg_async._core.http.attempt_results import Failure, Kind, RawResponse
from frontegg_async.endpoints import Retry
from tests.support.every import every


def _half() -> float:
    return 0.5


_AMBIGUOUS: Final = {408, 500, 502, 503, 504}
_UNPROCESSED: Final = {425, 429}


@every(range(100, 500))
def test_every_status_is_classified(status: int) -> None:
    """1xx is no response; 2xx succeeds; some 4xx have classes of their own; redirects and the others are definite."""
    if status < 200:
        expected: Kind | None = Kind.AMBIGUOUS
    elif status < 300:
        expected = None
    elif status == 401:
        expected = Kind.UNAUTHENTICATED
    elif status in _AMBIGUOUS:
        expected = Kind.AMBIGUOUS
    elif status in _UNPROCESSED:
        expected = Kind.UNPROCESSED
    else:
        expected = Kind.DEFINITE
    assert classify(RawResponse(status, CIMultiDict(), b"")) is expected


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (500, Kind.AMBIGUOUS),
        (501, Kind.AMBIGUOUS),
        (502, Kind.AMBIGUOUS),
        (503, Kind.AMBIGUOUS),
        (504, Kind.AMBIGUOUS),
        (505, Kind.AMBIGUOUS),
        (520, Kind.AMBIGUOUS),
        (524, Kind.AMBIGUOUS),
        (599, Kind.AMBIGUOUS),
    ],
)
def test_server_errors_are_classified(status: int, kind: Kind) -> None:
    """A 5xx leaves open what was done, those of the edge among them."""
    assert classify(RawResponse(status, CIMultiDict(), b"")) is kind


@pytest.mark.parametrize("kind", Kind)
def test_a_failure_has_its_class(kind: Kind) -> None:
    """An attempt without a response was classified where it failed."""
    assert classify(Failure(kind, "reset", "the connection was reset")) is kind


_POLICY: Final[dict[Kind, dict[Retry, Action]]] = {
    Kind.NOT_SENT: dict.fromkeys(Retry, Action.RESEND),
    Kind.UNPROCESSED: dict.fromkeys(Retry, Action.RESEND),
    Kind.AMBIGUOUS: {
        Retry.SAFE: Action.RESEND,
        Retry.RESEND: Action.RESEND,
        Retry.DELETE: Action.RESEND,
        Retry.RECONCILE: Action.RECONCILE,
        Retry.NEVER: Action.RAISE,
    },
    Kind.ACKNOWLEDGED: dict.fromkeys(Retry, Action.RAISE),
    Kind.UNPROVEN: dict.fromkeys(Retry, Action.RAISE),
    Kind.UNAUTHENTICATED: dict.fromkeys(Retry, Action.REAUTHENTICATE),
    Kind.DEFINITE: dict.fromkeys(Retry, Action.RAISE),
    Kind.UNTRUSTED: dict.fromkeys(Retry, Action.RAISE),
}
_CELLS: Final = [(kind, retry, action) for kind, row in _POLICY.items() for retry, action in row.items()]


def _named(value: Kind | Retry | Action) -> str:
    return str(value.value)


def test_the_table_is_whole() -> None:
    """Every class meets every kind of operation."""
    assert {(kind, retry) for kind, retry, _ in _CELLS} == {(kind, retry) for kind in Kind for retry in Retry}


@pytest.mark.parametrize(("kind", "retry", "action"), _CELLS, ids=_named)
def test_the_table(kind: Kind, retry: Retry, action: Action) -> None:
    """While there are retries, each class is handled as the policy says."""
    for attempts in (1, 2):
        decision = decide(RetryState(retry=retry, kind=kind, attempts=attempts, max_retries=2), _half)
        assert decision.action is action
        waits = action in (Action.RESEND, Action.RECONCILE)
        assert decision.wait == (backoff(attempts, _half) if waits else 0.0)
        assert decision.may_resend


@pytest.mark.parametrize(("kind", "retry", "action"), _CELLS, ids=_named)
@pytest.mark.parametrize("reason", ["retries used up", "budget used up"])
def test_the_table_without_retries(kind: Kind, retry: Retry, action: Action, reason: str) -> None:
    """Without retries nothing is sent again; but what became of a write is read, and a token is renewed once."""
    state = (
        RetryState(retry=retry, kind=kind, attempts=3, max_retries=2)
        if reason == "retries used up"
        else RetryState(retry=retry, kind=kind, attempts=1, max_retries=2, within_budget=False)
    )
    decision = decide(state, _half)
    if action is Action.RECONCILE:
        assert decision.action is Action.RECONCILE
        assert not decision.may_resend
    else:
        assert decision.action is (Action.RAISE if action is Action.RESEND else action)


@pytest.mark.parametrize(("kind", "retry", "action"), _CELLS, ids=_named)
def test_the_table_with_retries_switched_off(kind: Kind, retry: Retry, action: Action) -> None:
    """With ``max_retries=0`` a call is one request, but for a refused token."""
    decision = decide(RetryState(retry=retry, kind=kind, attempts=1, max_retries=0), _half)
    assert decision.action is (action if action is Action.REAUTHENTICATE else Action.RAISE)


@pytest.mark.parametrize("retry", Retry)
def test_one_retry_may_be_a_reconciled_one(retry: Retry) -> None:
    """With ``max_retries=1`` a lost creation is read and sent once more, as any other call is sent once more."""
    decision = decide(RetryState(retry=retry, kind=Kind.AMBIGUOUS, attempts=1, max_retries=1), _half)
    assert decision.action is _POLICY[Kind.AMBIGUOUS][retry]
    assert decision.may_resend


@pytest.mark.parametrize("retry", Retry)
def test_a_token_is_renewed_once(retry: Retry) -> None:
    """A second refusal within a call is final."""
    state = RetryState(retry=retry, kind=Kind.UNAUTHENTICATED, attempts=2, max_retries=2, reauthenticated=True)
    assert decide(state, _half) == Decision(Action.RAISE)


@pytest.mark.parametrize(
    ("server_wait", "time_left", "wait"),
    [
        (0.0, 10.0, 0.0),
        (5.0, 10.0, 5.0),
        (60.0, math.inf, 60.0),
        (120.0, math.inf, 120.0),
        (120.001, math.inf, None),
        (86_400.0, math.inf, None),
        (9.999, 10.0, 9.999),
        (10.0, 10.0, None),
        (60.0, 10.0, None),
        (0.0, 0.0, None),
        (0.0, -1.0, None),
        (None, 0.3, 0.25),
        (None, 0.25, None),
        (None, 0.2, None),
        (None, 0.0, None),
    ],
)
@pytest.mark.parametrize("kind", [Kind.UNPROCESSED, Kind.NOT_SENT, Kind.AMBIGUOUS], ids=_named)
@pytest.mark.parametrize("retry", [Retry.SAFE, Retry.RECONCILE], ids=_named)
def test_waits(kind: Kind, retry: Retry, server_wait: float | None, time_left: float, wait: float | None) -> None:
    """What the service asks is waited up to 120 s and while the deadline lasts; a longer wait fails at once."""
    state = RetryState(retry=retry, kind=kind, attempts=1, max_retries=2, server_wait=server_wait, time_left=time_left)
    decision = decide(state, _half)
    if decision.action is Action.RECONCILE and server_wait is None:
        wait = min(0.25, time_left / 2)
    assert (decision.action is Action.RAISE) is (wait is None)
    assert decision.wait == (wait or 0.0)


def test_the_time_that_is_left_is_kept_for_the_read() -> None:
    """What became of a write is read while there is time, however long the wait would be."""
    state = RetryState(retry=Retry.RECONCILE, kind=Kind.AMBIGUOUS, attempts=5, max_retries=9, time_left=0.2)
    assert decide(state, _half) == Decision(Action.RECONCILE, 0.1)
    assert decide(msgspec.structs.replace(state, time_left=0.0), _half) == Decision(Action.RAISE)


@pytest.mark.parametrize(
    ("attempts", "ceiling"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (10, 8.0), (100, 8.0), (10**6, 8.0)]
)
def test_backoff(attempts: int, ceiling: float) -> None:
    """Full jitter: anything from nothing to a ceiling that doubles, up to 8 s."""
    assert backoff(attempts, lambda: 0.0) == 0.0
    assert backoff(attempts, _half) == ceiling / 2
    assert backoff(attempts, lambda: 1.0) == ceiling


@given(
    retry=st.sampled_from(Retry),
    kind=st.sampled_from(Kind),
    attempts=st.integers(1, 200),
    max_retries=st.integers(0, 100),
    reauthenticated=st.booleans(),
    server_wait=st.none() | st.floats(0, 1e6),
    time_left=st.floats(-10, 1e6) | st.just(math.inf),
    within_budget=st.booleans(),
    random=st.floats(0, 1),
)
def test_any_situation(
    *,
    retry: Retry,
    kind: Kind,
    attempts: int,
    max_retries: int,
    reauthenticated: bool,
    server_wait: float | None,
    time_left: float,
    within_budget: bool,
    random: float,
) -> None:
    """Whatever the state: no blind repetition, no wait behind the deadline, no attempt beyond the allowed."""
    state = RetryState(
        retry=retry,
        kind=kind,
        attempts=attempts,
        max_retries=max_retries,
        reauthenticated=reauthenticated,
        server_wait=server_wait,
        time_left=time_left,
        within_budget=within_budget,
    )
    decision = decide(state, lambda: random)
    assert decide(state, lambda: random) == decision
    assert 0.0 <= decision.wait <= 120.0
    if decision.action is Action.RESEND:
        assert kind in (Kind.NOT_SENT, Kind.UNPROCESSED, Kind.AMBIGUOUS)
        assert not (kind is Kind.AMBIGUOUS and retry in (Retry.RECONCILE, Retry.NEVER))
        assert attempts <= max_retries
        assert within_budget
    if decision.action is Action.RECONCILE:
        assert (kind, retry) == (Kind.AMBIGUOUS, Retry.RECONCILE)
        assert decision.may_resend == (attempts <= max_retries and within_budget)
    if decision.action in (Action.RESEND, Action.RECONCILE):
        assert decision.wait < time_left
        assert server_wait is None or decision.wait == server_wait
    if decision.action is Action.REAUTHENTICATE:
        assert kind is Kind.UNAUTHENTICATED
        assert not reauthenticated
