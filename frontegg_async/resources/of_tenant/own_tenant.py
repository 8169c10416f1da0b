"""``user.tenant``: a user's own tenant."""

from __future__ import annotations

from frontegg_async._core.auth.unverified_claims import parse_user_token
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.secret import Secret
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import FronteggError, InvalidArgumentError, Outcome
from frontegg_async.options import Options
from frontegg_async.resources.support.writes import of_whole


class AsyncOwnTenant:
    """The tenant that the user's token is for.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def delete_current(self, *, confirm_tenant_id: str, options: Options | None = None) -> None:
        """Delete the tenant that the user's token is for, with all its users. This cannot be undone.

        ``DELETE /tenants/resources/tenants/v1`` (documented), for users with the permission
        ``fe.account-settings.delete.account``. The request is never sent twice.

        Args:
            confirm_tenant_id: The id of the tenant that the user's token is for. This argument protects you from
                deleting another tenant.

        Raises:
            InvalidArgumentError: The user's token is for another tenant than ``confirm_tenant_id``. Nothing was
                deleted.
            PermissionDeniedError: The user may not delete the tenant.
            NotFoundError: The tenant no longer exists.
            OutcomeUnknownError: The response was lost, so the tenant may or may not have been deleted.
        """
        arguments.check_id(confirm_tenant_id, "confirm_tenant_id")
        # Send the token that was checked: a renewed token could be for another tenant.
        pinned, token = await self._pin(options)
        _, facts = parse_user_token(token.reveal(), "the token")
        if facts.tenant_id != confirm_tenant_id:
            raise InvalidArgumentError(
                f"confirm_tenant_id must be the id of the tenant that the user's token is for: {facts.tenant_id or '?'}"
            )
        await pinned.value(endpoints.DELETE_CURRENT, options=options)

    async def _pin(self, options: Options | None) -> tuple[Caller, Secret]:
        """Return a caller that always uses the current token, and return this token."""
        try:
            return await self._caller.pin(options)
        except FronteggError as error:
            failure = of_whole(error, Outcome.NOT_SENT)
        raise failure.fresh()
