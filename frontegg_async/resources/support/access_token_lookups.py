"""Look up an access token, and check that the response is about that token."""

from __future__ import annotations

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints.access_tokens import NO_ID, TENANT_TOKEN
from frontegg_async.errors import ErrorDetails, InvalidArgumentError, ResponseMismatchError
from frontegg_async.models.access_tokens import AccessToken
from frontegg_async.options import Options


async def look_up(
    caller: Caller, endpoint: Endpoint[AccessToken], token_id: str, options: Options | None
) -> AccessToken:
    """Return the roles and permissions of an access token.

    Args:
        caller: Makes the call for one tenant.
        endpoint: The operation that looks up a tenant's token, or the one for a user's token.
        token_id: The token's id.
        options: Options of the call.

    Raises:
        InvalidArgumentError: ``token_id`` is not allowed; nothing was sent.
        ResponseMismatchError: The response is about another token or tenant.
        FronteggError: The call failed for another reason.
    """
    check_token_id(token_id, "token_id")
    found = await caller.value(endpoint, path={"id": token_id}, options=options)
    if found.tenant_id != caller.tenant_id:
        raise ResponseMismatchError(
            f"{endpoint.name}: the response is about a different tenant than the requested one",
            ErrorDetails(endpoint=endpoint.name, reason="mismatch"),
        )
    # `AccessToken.type` derives the type from the user id, and a tenant's token has no user.
    return attrs.evolve(found, user_id=None) if endpoint is TENANT_TOKEN and found.user_id is not None else found


@without_frames
def check_token_id(token_id: object, argument: str) -> None:
    """Check the id of an access token.

    Raises:
        InvalidArgumentError: The id cannot be one segment of a path, or is the last segment of the path that lists ids.
    """
    arguments.check_path_value(token_id, argument)
    if isinstance(token_id, str) and folded(token_id) == NO_ID:
        raise InvalidArgumentError(f"{argument} must not be {NO_ID!r}: the service would list all valid tokens for it")
