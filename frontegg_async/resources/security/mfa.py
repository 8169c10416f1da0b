"""``security.mfa``: who has to sign in with a second factor."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import security as endpoints
from frontegg_async.models.security_policies import MfaEnforcement, MfaEnforcementLiteral, MfaPolicy, MfaPolicyWrite
from frontegg_async.options import Options
from frontegg_async.resources.security.policies import check_number, check_some, completed, find, upsert


class AsyncTenantSecurityMfa:
    """Who of one tenant has to sign in with a second factor."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> MfaPolicy | None:
        """Get the MFA policy.

        ``GET /identity/resources/configurations/v1/mfa-policy`` (documented).

        Args:
            options: Options for this call; those that are not set come from the client.

        Returns:
            The policy; ``None`` if the tenant has none of its own.

        Raises:
            PermissionDeniedError: The credential may not do this.
            FronteggError: Any other failure of the call.
        """
        return await find(self._caller, endpoints.GET_MFA, options)

    async def set(
        self,
        *,
        enforce: MfaEnforcement | MfaEnforcementLiteral | None = None,
        allow_remember_my_device: bool | None = None,
        device_expiration: int | None = None,
        options: Options | None = None,
    ) -> MfaPolicy:
        """Set the MFA policy, whether the tenant has one or not.

        What is not given stays as it is.

        ``PUT /identity/resources/configurations/v1/mfa-policy`` (documented).

        Args:
            enforce: ``DontForce``, ``Force`` or ``ForceExceptSAML``; needed where the tenant has no policy.
            allow_remember_my_device: Whether a device can be remembered, which then needs no second factor.
            device_expiration: For how many seconds a device is remembered, at least 1.
            options: Options for each request; those that are not set come from the client.

        Returns:
            The policy as it is now.

        Raises:
            InvalidArgumentError: Nothing is given, an argument is not allowed, or the tenant has no policy and needs
                more arguments; nothing was changed.
            BadRequestError: The service refused the policy.
            NotFoundError: There is no such tenant.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        given = {
            "enforce": None if enforce is None else arguments.check_member(enforce, MfaEnforcement, "enforce"),
            "allow_remember_my_device": allow_remember_my_device,
            "device_expiration": device_expiration,
        }
        check_some(given)
        check_number(device_expiration, "device_expiration", 1)
        # Without it, the service would force everybody.
        body = await completed(self._caller, endpoints.GET_MFA, MfaPolicyWrite, given, options, needed=("enforce",))
        return await upsert(self._caller, endpoints.SET_MFA, endpoints.GET_MFA, body, options)
