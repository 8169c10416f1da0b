"""``security.mfa``: the policy for multi-factor authentication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._core.runtime.tracebacks import shorten, without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async.endpoints import security as endpoints
from frontegg_async.errors import (
    FronteggError,
    InvalidArgumentError,
    Outcome,
    ResultLostError,
    UncoveredApplicationsWarning,
)
from frontegg_async.models.security_policies import MfaEnforcement, MfaEnforcementLiteral, MfaPolicy, MfaPolicyWrite
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.applications import AsyncTenantApplications
from frontegg_async.resources.of_tenant.security.policies import (
    check_some,
    completed,
    find,
    read_within,
    upsert,
)
from frontegg_async.resources.support.batches import in_batches

_HEADER: Final = "frontegg-application-id"
_NO_APPLICATION: Final = ""
_UNCOVERED: Final = (
    "the service keeps an MFA policy for each application, and this call sets only one policy: "
    "give all_applications=True or app_ids; all_applications=False sets only the policy without an application"
)


class AsyncTenantSecurityMfa:
    """The MFA policies of one tenant: which users must sign in with a second factor.

    The service has one policy for each application, and one policy without an application. The policy without an
    application applies to requests that name no application.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, app_id: str | None = None, options: Options | None = None) -> MfaPolicy | None:
        """Get the MFA policy of an application, or the policy without an application.

        ``GET /identity/resources/configurations/v1/mfa-policy`` (documented).

        Args:
            app_id: The id of the application, 1 to 256 characters of ASCII. By default the method returns the policy
                without an application.

        Returns:
            The policy, or ``None`` if the tenant has no policy of its own for the application.
        """
        if app_id is None:
            return await find(self._caller, endpoints.GET_MFA, options)
        arguments.check_id(app_id, "app_id")
        _check_ascii(app_id, "app_id")
        caller = self._caller.with_options(self._caller.options_for(options))
        return await find(_about(caller, app_id), endpoints.GET_MFA, None)

    async def set(
        self,
        *,
        enforce: MfaEnforcement | MfaEnforcementLiteral | None = None,
        allow_remember_my_device: bool | None = None,
        device_expiration: int | timedelta | None = None,
        app_ids: Sequence[str] | None = None,
        all_applications: bool | None = None,
        options: Options | None = None,
    ) -> MfaPolicy:
        """Change the MFA policies of applications, or create policies for applications without a policy.

        Omitted fields keep their values.

        ``PUT /identity/resources/configurations/v1/mfa-policy`` (documented). The client sends one request for each
        application. The client reads all necessary policies before the first write. A failed write does not stop the
        other writes.

        Args:
            enforce: Which users need a second factor: no user (``DontForce``), all users (``Force``), or all users who
                do not sign in with SAML (``ForceExceptSAML``). Required if the tenant has no policy.
            allow_remember_my_device: Whether users may let the service remember a device. Sign-ins from a remembered
                device need no second factor.
            device_expiration: The number of seconds for which a device is remembered, at least 1.
            app_ids: The ids of the applications whose policies are set, at least one, each 1 to 256 characters of
                ASCII.
            all_applications: ``True`` to set the policy without an application, and then the policy of each application
                that is assigned to the tenant. An application that all tenants may use has no assignment. Set its
                policy in another call with ``app_ids``. ``False`` to set only the policy without an application. The
                default also sets only this policy, and emits an `UncoveredApplicationsWarning`.

        Returns:
            The policy after the change: the policy of the first of ``app_ids``, or without ``app_ids``, the policy
            without an application.

        Raises:
            InvalidArgumentError: No setting is given, an argument is not allowed, ``app_ids`` and ``all_applications``
                are both given, or an argument that a new policy needs is omitted. Nothing was changed.
            PartialFailureError: There were several policies, and some writes failed. The error lists the ids of the
                applications. The empty id stands for the policy without an application.
            BadRequestError: The service refused the policy.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        given = {
            "enforce": None if enforce is None else arguments.check_member(enforce, MfaEnforcement, "enforce"),
            "allow_remember_my_device": allow_remember_my_device,
            "device_expiration": arguments.optional_duration(device_expiration, "device_expiration", least=1),
        }
        check_some(given)
        named = _named(app_ids, all_applications)
        caller = self._caller.with_options(self._caller.options_for(options))
        caller.check_writable(endpoints.SET_MFA.name)
        if app_ids is None and all_applications is None:
            warn_caller(_UNCOVERED, UncoveredApplicationsWarning)
            callers = {_NO_APPLICATION: caller}
        else:
            ids = named or (_NO_APPLICATION, *(await _assigned(caller) if all_applications else ()))
            callers = {app_id: _about(caller, app_id) for app_id in ids}
        # Without `enforce`, the service would require a second factor of everybody.
        bodies = {
            app_id: await completed(
                about, endpoints.SET_MFA, endpoints.GET_MFA, MfaPolicyWrite, given, options=None, needed=("enforce",)
            )
            for app_id, about in callers.items()
        }
        return await _write_all(callers, bodies)


@without_frames
def _named(app_ids: Sequence[str] | None, all_applications: bool | None) -> tuple[str, ...]:
    """Return the application ids from the arguments.

    Raises:
        InvalidArgumentError: An argument is not allowed, or both arguments are given.
    """
    if all_applications is not None:
        check_flag(all_applications, "all_applications", InvalidArgumentError)
    if app_ids is None:
        return ()
    if all_applications is not None:
        raise InvalidArgumentError("app_ids and all_applications cannot both be given")
    ids = arguments.check_ids(app_ids, "app_ids")
    for index, app_id in enumerate(ids):
        _check_ascii(app_id, f"app_ids[{index}]")
    return ids


@without_frames
def _check_ascii(app_id: str, argument: str) -> None:
    if not app_id.isascii():
        raise InvalidArgumentError(f"{argument} must be ASCII, because it is sent in a header")


async def _assigned(caller: Caller) -> tuple[str, ...]:
    """Return the ids of the applications that are assigned to the caller's tenant."""
    assigned = AsyncTenantApplications(caller).list_assigned()
    return tuple(each.app_id for each in await read_within(assigned, Outcome.NOT_SENT))


def _about(caller: Caller, app_id: str) -> Caller:
    """Return a caller for an application. Without an id, its requests name none, even if the options name one."""
    headers = {name: value for name, value in (caller.options_for(None).headers or {}).items() if name != _HEADER}
    if app_id:
        headers[_HEADER] = app_id
    return caller.with_options(Options(headers=None)).with_options(Options(headers=headers))


async def _write_all(callers: Mapping[str, Caller], bodies: Mapping[str, MfaPolicyWrite]) -> MfaPolicy:
    """Write the policies of applications one after the other, and return the first.

    Raises:
        PartialFailureError: There were several policies, and some writes failed.
        FronteggError: There was one policy and its write failed, or a result was lost.
    """
    lost: list[FronteggError] = []

    async def send(ids: Sequence[str]) -> MfaPolicy:
        (app_id,) = ids
        try:
            return await upsert(callers[app_id], endpoints.SET_MFA, endpoints.GET_MFA, bodies[app_id], None)
        except ResultLostError as error:
            lost.append(error.fresh())
            shorten(error)
            raise

    policies = await in_batches(endpoints.SET_MFA.name, tuple(callers), send, of="applications", size=1)
    if lost:
        raise lost[0].fresh()
    return policies[0]
