"""Errors: one hierarchy; the whole state is in the arguments, and no message has a secret."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import errors
from frontegg_async.errors import (
    APIError,
    ErrorDetails,
    ErrorResponse,
    FronteggError,
    NotFoundError,
    Outcome,
    PartialFailureError,
)
from tests.support.error_details import full_details, unset_fields

_CANARY: Final = "canary@example.com"


_CLASSES: Final = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, FronteggError)),
    key=lambda kind: kind.__name__,
)

_BEFORE_A_CALL: Final = {
    errors.ClientClosedError,
    errors.ConfigurationError,
    errors.InvalidArgumentError,
    errors.ReadOnlyError,
    errors.UnusableRowsError,
    errors.FilesError,
    errors.WrongLoopError,
}
"""Classes whose errors come before anything is sent, unless their details say otherwise."""

_RESPONSE: Final = ErrorResponse(
    status=409, trace_id="0af7651916cd43dd", content_type="application/json", body={"errors": [_CANARY], "n": [1, None]}
)
_DETAILS: Final = ErrorDetails(
    endpoint="tenants.create",
    attempts=3,
    elapsed=1.25,
    outcome=Outcome.REFUSED,
    trace_id="0af7651916cd43dd",
    retry_after=7.5,
    reason="status 409",
    code="ER-00008",
    codes=("ER-00008", "ER-00009"),
    messages=(_CANARY,),
    response=_RESPONSE,
    succeeded=("a",),
    failed={"b": NotFoundError("b is not there", ErrorDetails(endpoint="tenants.lock", attempts=1))},
    unknown=("c",),
    paths=("$.name: expected str, got int",),
)

_COPIES: Final[dict[str, Callable[[FronteggError], FronteggError]]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol))
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
}


def test_the_hierarchy() -> None:
    """Errors are caught by the usual bases too, and an error that is two things is caught as either."""
    assert len(_CLASSES) >= 25
    assert issubclass(errors.RequestTimeoutError, TimeoutError)
    assert issubclass(errors.ConnectionFailedError, ConnectionError)
    assert issubclass(errors.ConfigurationError, ValueError)
    assert issubclass(errors.InvalidArgumentError, ValueError)
    assert issubclass(errors.MissingExtraError, ImportError)
    assert issubclass(errors.WriteTimeoutError, errors.OutcomeUnknownError)
    assert issubclass(errors.WriteTimeoutError, errors.RequestTimeoutError)
    assert issubclass(errors.ServerOutcomeUnknownError, errors.OutcomeUnknownError)
    assert issubclass(errors.ServerOutcomeUnknownError, errors.ServerError)
    assert issubclass(errors.PaginationWarning, UserWarning)
    for kind in ("BadRequest", "Authentication", "PermissionDenied", "NotFound", "Conflict", "RateLimit", "Server"):
        assert issubclass(getattr(errors, f"{kind}Error"), APIError)


@pytest.mark.parametrize("kind", _CLASSES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("way", _COPIES)
def test_round_trips(kind: type[FronteggError], way: str) -> None:
    """An error that is pickled or copied is the same error: class, arguments, notes, all of its state."""
    error = kind("it failed", _DETAILS)
    error.add_note("while creating")
    error.add_note("in the morning")

    twin = _COPIES[way](error)

    assert type(twin) is kind
    assert twin == error
    assert hash(twin) == hash(error)
    assert twin.args == error.args == ("it failed", _DETAILS)
    assert twin.__notes__ == ["while creating", "in the morning"]
    assert (str(twin), repr(twin)) == (str(error), repr(error))
    assert attrs.asdict(twin.details, recurse=False) == attrs.asdict(_DETAILS, recurse=False)
    assert twin.details.failed["b"] == _DETAILS.failed["b"]


@pytest.mark.parametrize("kind", _CLASSES, ids=lambda kind: kind.__name__)
def test_text(kind: type[FronteggError]) -> None:
    """An error's text is one line with the trace id, and has nothing of the body."""
    error = kind("it failed", _DETAILS)
    assert str(error) == "it failed (trace id 0af7651916cd43dd)"
    assert repr(error) == f"{kind.__name__}('it failed (trace id 0af7651916cd43dd)')"
    assert str(kind("it failed")) == "it failed"
    for shown in (str(error), repr(error), repr(error.args), repr(error.details), str(error.args), f"{error}"):
        assert _CANARY not in shown
        assert len(shown.splitlines()) == 1


@pytest.mark.parametrize("kind", _CLASSES, ids=lambda kind: kind.__name__)
def test_bare(kind: type[FronteggError]) -> None:
    """Without details, an error says that it knows nothing."""
    error = kind("it failed")
    assert error.message == "it failed"
    assert error.details == ErrorDetails(outcome=error.outcome)
    assert (error.endpoint, error.attempts, error.elapsed, error.trace_id) == (None, 0, 0.0, None)
    assert error.outcome is (Outcome.NOT_SENT if kind in _BEFORE_A_CALL else None)
    assert pickle.loads(pickle.dumps(error)) == error


def test_properties() -> None:
    """The properties read the details."""
    error = APIError("it failed", _DETAILS)
    assert (error.endpoint, error.attempts, error.elapsed) == ("tenants.create", 3, 1.25)
    assert (error.outcome, error.trace_id, error.retry_after) == (Outcome.REFUSED, "0af7651916cd43dd", 7.5)
    assert (error.status, error.code, error.codes) == (409, "ER-00008", ("ER-00008", "ER-00009"))
    assert error.messages == (_CANARY,)
    assert error.response is _RESPONSE
    assert error.response.body == {"errors": [_CANARY], "n": [1, None]}
    assert APIError("it failed").status == 0
    assert errors.OutcomeUnknownError("x", _DETAILS).reason == "status 409"
    assert errors.ConnectionFailedError("x", _DETAILS).reason == "status 409"
    assert errors.DecodeError("x", _DETAILS).paths == ("$.name: expected str, got int",)
    partial = PartialFailureError("x", _DETAILS)
    assert (partial.succeeded, set(partial.failed), partial.unknown) == (("a",), {"b"}, ("c",))


def test_not_found_is_404_however_it_was_said() -> None:
    """An empty success that means "not there" has the status of its meaning, and keeps what was sent."""
    error = NotFoundError("found nothing", ErrorDetails(response=ErrorResponse(status=200)))
    assert error.status == 404
    assert error.response.status == 200


def test_equality() -> None:
    """Two errors are equal by class and state, and to nothing else."""
    error = APIError("it failed", _DETAILS)
    assert error == APIError("it failed", _DETAILS)
    assert error != APIError("it failed", attrs.evolve(_DETAILS, attempts=2))
    assert error != APIError("it broke", _DETAILS)
    assert error != FronteggError("it failed", _DETAILS)
    assert error != errors.ConflictError("it failed", _DETAILS)
    assert error != "it failed"
    assert len({error, APIError("it failed", _DETAILS), FronteggError("it failed", _DETAILS)}) == 2


def test_with_details() -> None:
    """The same error with other details keeps its class, message and notes, and not the traceback."""
    error = errors.ConflictError("it failed", _DETAILS)
    error.add_note("a note")
    with pytest.raises(errors.ConflictError):
        raise error

    other = error.fresh(ErrorDetails(attempts=9))

    assert type(other) is errors.ConflictError
    assert (other.message, other.attempts, other.__notes__) == ("it failed", 9, ["a note"])
    assert other.__traceback__ is None
    assert error.attempts == 3
    assert not hasattr(errors.ConflictError("x").fresh(_DETAILS), "__notes__")


def test_details_are_frozen() -> None:
    """What an error says cannot be changed afterwards."""
    for value, name in ((_DETAILS, "attempts"), (_RESPONSE, "status")):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, name, 5)
    with pytest.raises(AttributeError):
        APIError("x").attempts = 5  # type: ignore[misc]  # it is a property


_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
_LINE: Final = st.text(st.characters(categories=["L", "N", "P", "Zs"]))


@given(
    kind=st.sampled_from(_CLASSES),
    message=_LINE,
    notes=st.lists(st.text(), max_size=3),
    details=st.builds(
        ErrorDetails,
        endpoint=st.none() | st.text(),
        attempts=st.integers(0, 100),
        elapsed=st.floats(0, 1e6),
        outcome=st.none() | st.sampled_from(Outcome),
        trace_id=st.none() | _LINE,
        response=st.none() | st.builds(ErrorResponse, status=st.integers(100, 599), body=_JSON),
        failed=st.dictionaries(st.text(), st.builds(APIError, st.text()), max_size=2),
    ),
)
def test_any_error_round_trips(
    kind: type[FronteggError], message: str, notes: list[str], details: ErrorDetails
) -> None:
    """Whatever its state, an error comes back from a pickle and from a copy equal."""
    error = kind(message, details)
    for note in notes:
        error.add_note(note)
    for way in _COPIES.values():
        twin = way(error)
        assert type(twin) is kind
        assert twin == error
        assert getattr(twin, "__notes__", []) == notes
        assert str(twin) == str(error)


def test_the_scoreboard_sets_every_field() -> None:
    """A field that is new is looked at by the row about errors, too, which is not taken each time."""
    assert unset_fields(full_details()) == []
