"""The answers to prehooks: let the service go on, or stop it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import attrs

from frontegg_async._core.checks.arguments import check_count, check_json, check_mapping, check_text
from frontegg_async._values.json_values import JsonValue, copy_json
from frontegg_async._values.value import Value
from frontegg_async.errors import InvalidArgumentError

_LEAST_STATUS: Final = 400
_MOST_STATUS: Final = 499
_NOT_FOUND: Final = 404
_TRY_AGAIN: Final = frozenset({401, 408, 425, 429})
"""Statuses that ask for another token or another try: nothing else in a response tells that it is a refusal."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PrehookVerdict(Value):
    """What a prehook answers; `allow` and `block` make it."""

    is_allowed: bool
    """Whether the service goes on."""
    reason: str | None = None
    """Why it does not, for the user; ``None`` if it goes on."""
    status: int | None = None
    """The HTTP status of the service's own response then, 400 to 499; ``None`` if it goes on."""
    response: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """What the service shall do otherwise, if it goes on; ``None`` for nothing."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the body of the answer, which is sent with status 200."""
        if not self.is_allowed:
            return {"continue": False, "error": {"status": self.status, "message": [self.reason]}}
        return {"continue": True} if self.response is None else {"continue": True, "response": self.response}


def allow(response: Mapping[str, JsonValue] | None = None) -> PrehookVerdict:
    """Let the service go on.

    Args:
        response: What it shall do otherwise, as the prehook's event allows it: for ``JWT_GENERATION``, for example,
            ``{"claims": {"customClaims": {"plan": "team"}}}``.

    Returns:
        The answer.

    Raises:
        InvalidArgumentError: ``response`` is not a mapping that JSON can hold.
    """
    if response is None:
        return PrehookVerdict(is_allowed=True)
    check_mapping(response, "response")
    check_json(response, "response")
    return PrehookVerdict(is_allowed=True, response=cast("Mapping[str, JsonValue]", copy_json(response)))


def block(reason: str, *, status: int = 400) -> PrehookVerdict:
    """Stop the service: it refuses the call, the sign-up or whatever it asked about.

    Args:
        reason: Why, for the user who meets it.
        status: The HTTP status of the service's own response, 400 to 499, but not 401, 408, 425 and 429: clients take
            these for something that passes, as a rate limit, and send the request again until their deadline. Nor 404,
            which clients take for the word that what they delete is gone.

    Returns:
        The answer.

    Raises:
        InvalidArgumentError: The reason is empty or no text, or the status is not allowed.
    """
    check_text(reason, "reason")
    check_count(status, "status", least=_LEAST_STATUS, most=_MOST_STATUS)
    if status in _TRY_AGAIN:
        raise InvalidArgumentError(f"status must not be {status}: clients would try again; 403 or 422 is a refusal")
    if status == _NOT_FOUND:
        raise InvalidArgumentError(
            f"status must not be {status}: clients would take it for gone; 403 or 422 is a refusal"
        )
    return PrehookVerdict(is_allowed=False, reason=reason, status=status)
