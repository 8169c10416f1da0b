"""``security.lockout``: the number of wrong passwords after which a user is locked out."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import security as endpoints
from frontegg_async.models.security_policies import LockoutPolicy, LockoutPolicyWrite
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.security.policies import check_number, check_some, completed, find, upsert


class AsyncTenantSecurityLockout:
    """The lockout policy of one tenant: the number of wrong passwords after which a user is locked out.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> LockoutPolicy | None:
        """Get the lockout policy.

        ``GET /identity/resources/configurations/v1/lockout-policy`` (documented).

        Returns:
            The policy, or ``None`` if the tenant has no policy of its own.
        """
        return await find(self._caller, endpoints.GET_LOCKOUT, options)

    async def set(
        self,
        *,
        enabled: bool | None = None,
        max_attempts: int | None = None,
        options: Options | None = None,
    ) -> LockoutPolicy:
        """Change the lockout policy, or create it if the tenant has none.

        Omitted fields keep their values.

        ``PATCH /identity/resources/configurations/v1/lockout-policy`` (documented), or ``POST
        /identity/resources/configurations/v1/lockout-policy`` (documented) if the tenant has no policy.

        Args:
            enabled: Whether users are locked out. Required if the tenant has no policy.
            max_attempts: The number of wrong passwords before the lockout, at least 1. Required if the tenant has no
                policy.

        Returns:
            The policy after the change.

        Raises:
            InvalidArgumentError: No setting is given, an argument is not allowed, or the tenant has no policy and an
                argument that a new policy needs is omitted. Nothing was changed.
            BadRequestError: The service refused the policy.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        given = {"enabled": enabled, "max_attempts": max_attempts}
        check_some(given)
        check_number(max_attempts, "max_attempts", 1)
        body = await completed(
            self._caller,
            endpoints.SET_LOCKOUT,
            endpoints.GET_LOCKOUT,
            LockoutPolicyWrite,
            given,
            options=options,
            needed=tuple(given),
        )
        return await upsert(
            self._caller,
            endpoints.SET_LOCKOUT,
            endpoints.GET_LOCKOUT,
            body,
            options,
            create=endpoints.CREATE_LOCKOUT,
        )
