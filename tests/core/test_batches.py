"""Calls with more ids than the service accepts at once: each id is reported as done, failed or unknown."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async.errors import (
    BadRequestError,
    ClientClosedError,
    ConnectionFailedError,
    ErrorDetails,
    FronteggError,
    Outcome,
    OutcomeUnknownError,
    PartialFailureError,
)
from frontegg_async.resources.support.batches import MAX_IDS, in_batches

pytestmark = pytest.mark.anyio

_REFUSED = BadRequestError("refused", ErrorDetails(outcome=Outcome.REFUSED, attempts=1))
_LOST = OutcomeUnknownError("lost", ErrorDetails(outcome=Outcome.UNKNOWN, attempts=3))
_DONE = ClientClosedError("closed during", ErrorDetails(outcome=Outcome.DONE))
_CLOSED = ClientClosedError("closed before", ErrorDetails(outcome=Outcome.NOT_SENT))
_NOT_SENT = ConnectionFailedError("not sent", ErrorDetails(outcome=Outcome.NOT_SENT, attempts=2))


class _Service:
    """Answers each batch by its script, then with success."""

    def __init__(self, *script: Exception | None) -> None:
        self.batches: list[list[str]] = []
        self._script = list(script)

    async def send(self, ids: Sequence[str]) -> int:
        self.batches.append(list(ids))
        error = self._script.pop(0) if self._script else None
        if error is not None:
            raise error
        return len(ids)


def _ids(count: int) -> list[str]:
    return [f"t{number}" for number in range(count)]


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(1, [1]), (99, [99]), (100, [100]), (101, [100, 1]), (200, [100, 100]), (250, [100, 100, 50])],
)
async def test_batches(count: int, sizes: list[int]) -> None:
    """At most a hundred ids go in one request, in order, and the responses come in order."""
    service = _Service()
    assert MAX_IDS == 100
    assert await in_batches("tenants.lock", _ids(count), service.send) == sizes
    assert [len(batch) for batch in service.batches] == sizes
    assert [each for batch in service.batches for each in batch] == _ids(count)


@pytest.mark.parametrize("error", [_REFUSED, _LOST, _NOT_SENT], ids=lambda error: type(error).__name__)
async def test_one_request_fails_as_itself(error: FronteggError) -> None:
    """A call that was one request raises the error of that request."""
    with pytest.raises(type(error)) as caught:
        await in_batches("tenants.lock", _ids(100), _Service(error).send)
    assert caught.value is error


async def test_partial_failure_is_reported_whole() -> None:
    """One failure stops nothing, and the error has every id where it belongs."""
    ids = _ids(450)
    service = _Service(None, _REFUSED, _LOST, _NOT_SENT)
    with pytest.raises(PartialFailureError) as caught:
        await in_batches("tenants.unlock", ids, service.send)
    error = caught.value
    assert len(service.batches) == 5
    assert error.succeeded == (*ids[:100], *ids[400:])
    assert error.failed == {**dict.fromkeys(ids[100:200], _REFUSED), **dict.fromkeys(ids[300:400], _NOT_SENT)}
    assert error.unknown == tuple(ids[200:300])
    assert str(error) == (
        f"tenants.unlock: of 450 ids 150 succeeded, 200 failed, 100 are unknown; the first failure: {_REFUSED}"
    )
    assert (error.endpoint, error.attempts) == ("tenants.unlock", 8)
    assert pickle.loads(pickle.dumps(error)) == error


async def test_what_was_done_when_the_client_was_closed_has_succeeded() -> None:
    """The request returned success before the client was closed; the next was not sent."""
    ids = _ids(150)
    with pytest.raises(PartialFailureError) as caught:
        await in_batches("tenants.lock", ids, _Service(_DONE, _CLOSED).send)
    assert caught.value.succeeded == tuple(ids[:100])
    assert [*caught.value.failed] == ids[100:]
    assert str(caught.value).endswith("the first failure: closed before")


@pytest.mark.parametrize("error", [_REFUSED, _LOST], ids=lambda error: type(error).__name__)
async def test_total_failure_is_reported_whole(error: FronteggError) -> None:
    """When every request failed, no id is missing from the error."""
    ids = _ids(150)
    with pytest.raises(PartialFailureError) as caught:
        await in_batches("tenants.lock", ids, _Service(error, error).send)
    assert caught.value.succeeded == ()
    assert [*caught.value.failed, *caught.value.unknown] == ids


async def test_other_exceptions_pass() -> None:
    """What is no error of a call is nobody's to collect."""
    with pytest.raises(KeyError):
        await in_batches("tenants.lock", _ids(150), _Service(KeyError()).send)


@given(count=st.integers(101, 900), script=st.lists(st.sampled_from([None, _REFUSED, _LOST, _NOT_SENT]), max_size=9))
async def test_no_id_is_lost_or_doubled(count: int, script: list[FronteggError | None]) -> None:
    """Whatever fails, each id is in exactly one place."""
    ids = _ids(count)
    service = _Service(*script)
    try:
        assert sum(await in_batches("tenants.lock", ids, service.send)) == count
    except PartialFailureError as error:
        found = [*error.succeeded, *error.failed, *error.unknown]
        assert sorted(found) == sorted(ids)
        assert any(script)
    else:
        assert not any(script[: len(service.batches)])
