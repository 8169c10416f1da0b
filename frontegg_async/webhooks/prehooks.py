"""Responses to prehooks, which allow or block an operation of the service."""

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
"""Statuses after which clients retry or get another token. Clients do not treat these statuses as refusals."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PrehookVerdict(Value):
    """The response of a prehook. Create it with `allow` or `block`."""

    is_allowed: bool
    """Whether the service may continue."""
    reason: str | None = None
    """The reason that the user sees if the prehook blocks the operation; otherwise ``None``."""
    status: int | None = None
    """The HTTP status, 400 to 499, with which the service refuses the operation; ``None`` if the prehook allows it."""
    response: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """Changes to the service's operation if the prehook allows the operation; ``None`` for no changes."""

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the body of the HTTP response. The response must have status 200."""
        if not self.is_allowed:
            return {"continue": False, "error": {"status": self.status, "message": [self.reason]}}
        return {"continue": True} if self.response is None else {"continue": True, "response": self.response}


def allow(response: Mapping[str, JsonValue] | None = None) -> PrehookVerdict:
    """Allow the service to continue.

    Args:
        response: Changes to the service's operation, in the form of the prehook's event. For ``JWT_GENERATION``, for
            example, ``{"claims": {"customClaims": {"plan": "team"}}}`` adds a claim.

    Returns:
        The verdict. Respond with its ``to_dict()`` and status 200.

    Raises:
        InvalidArgumentError: ``response`` is not a mapping, or JSON cannot represent it.
    """
    if response is None:
        return PrehookVerdict(is_allowed=True)
    check_mapping(response, "response")
    check_json(response, "response")
    return PrehookVerdict(is_allowed=True, response=cast("Mapping[str, JsonValue]", copy_json(response)))


def block(reason: str, *, status: int = 400) -> PrehookVerdict:
    """Block the service's operation, such as a sign-up. The service then refuses the operation.

    Args:
        reason: The reason that the user sees.
        status: The status of the service's own HTTP response, 400 to 499. The statuses 401, 408, 425 and 429 are not
            allowed: clients would retry until their deadline. Status 404 is not allowed: a client that deletes an
            object would conclude that the object does not exist any more.

    Returns:
        The verdict. Respond with its ``to_dict()`` and status 200.

    Raises:
        InvalidArgumentError: The reason is empty or not text, or the status is not allowed.
    """
    check_text(reason, "reason")
    check_count(status, "status", least=_LEAST_STATUS, most=_MOST_STATUS)
    if status in _TRY_AGAIN:
        raise InvalidArgumentError(f"status must not be {status}: clients would try again; use 403 or 422")
    if status == _NOT_FOUND:
        raise InvalidArgumentError(
            f"status must not be {status}: clients would conclude that the object is gone; use 403 or 422"
        )
    return PrehookVerdict(is_allowed=False, reason=reason, status=status)
