"""``security.sessions``: the session policy, which limits the length and the number of users' sessions."""

from __future__ import annotations

from datetime import timedelta

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import security as endpoints
from frontegg_async.errors import InvalidArgumentError, Outcome
from frontegg_async.models.security_policies import (
    SessionConcurrency,
    SessionConcurrencyWrite,
    SessionPolicy,
    SessionPolicyWrite,
    SessionTimeout,
    SessionTimeoutWrite,
)
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.security.policies import find, read_within, shows_limits, written

_SHORTEST = 60
_LONGEST_IDLE = 2_073_600


class AsyncTenantSecuritySessions:
    """The session policy of one tenant, which limits the length and the number of users' sessions.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> SessionPolicy | None:
        """Get the session policy.

        ``GET /identity/resources/configurations/sessions/v1`` (documented).

        Returns:
            The policy, or ``None`` if the tenant has no policy of its own.
        """
        return await find(self._caller, endpoints.GET_SESSIONS, options)

    async def set(
        self,
        *,
        idle: int | timedelta | None | Unset = UNSET,
        lifetime: int | timedelta | None | Unset = UNSET,
        max_sessions: int | None | Unset = UNSET,
        options: Options | None = None,
    ) -> SessionPolicy:
        """Change the session policy, or create it if the tenant has none.

        Omitted fields keep their values.

        ``POST /identity/resources/configurations/sessions/v1`` (documented).

        Args:
            idle: The number of seconds without activity after which a session ends, 60 to 2,073,600; ``None`` for no
                limit.
            lifetime: The number of seconds after the sign-in when a session ends, at least 60; ``None`` for no limit.
            max_sessions: The largest number of sessions that a user may have at the same time, at least 1; ``None`` for
                no limit.

        Returns:
            The policy after the change.

        Raises:
            InvalidArgumentError: No setting is given, an argument is not allowed, or the tenant has no policy and an
                argument that a new policy needs is omitted. Nothing was changed.
            BadRequestError: The service refused the policy.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made. Or the service
                accepted the policy, but returns other values afterwards.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        idle_seconds = _seconds_of(idle, "idle", _LONGEST_IDLE)
        lifetime_seconds = _seconds_of(lifetime, "lifetime")
        if max_sessions is not None and max_sessions is not UNSET:
            arguments.check_count(max_sessions, "max_sessions", least=1, most=arguments.MAX_INTEGER)
        values = (idle_seconds, lifetime_seconds, max_sessions)
        if all(value is UNSET for value in values):
            raise InvalidArgumentError("a policy must be given at least one of idle, lifetime, max_sessions")
        self._caller.check_writable(endpoints.SET_SESSIONS.name, options)
        present = SessionPolicy()
        if not all(isinstance(value, int) for value in values):
            found = await read_within(find(self._caller, endpoints.GET_SESSIONS, options), Outcome.NOT_SENT)
            present = present if found is None else found
        body = SessionPolicyWrite(
            idle=_timeout(idle_seconds, present.idle),
            lifetime=_timeout(lifetime_seconds, present.lifetime),
            concurrent=_concurrent(max_sessions, present.concurrent),
        )
        return await written(
            self._caller,
            endpoints.SET_SESSIONS,
            endpoints.GET_SESSIONS,
            body,
            options,
            is_kept=lambda found: shows_limits(found, body),
        )


@without_frames
def _seconds_of(
    value: int | timedelta | None | Unset, argument: str, most: int = arguments.MAX_INTEGER
) -> int | None | Unset:
    if value is None or value is UNSET:
        return value
    return arguments.check_duration(value, argument, least=_SHORTEST, most=most)


def _timeout(value: int | None | Unset, present: SessionTimeout | None) -> SessionTimeoutWrite | None:
    """Return a limit to send. A disabled limit keeps its number, because the service requires a number."""
    known = None if present is None else present.timeout
    if isinstance(value, int):
        return SessionTimeoutWrite(enabled=True, timeout=value)
    if value is None:
        return SessionTimeoutWrite(enabled=False, timeout=_SHORTEST if known is None else known)
    if present is None or present.enabled is None or known is None:
        return None
    return SessionTimeoutWrite(enabled=present.enabled, timeout=known)


def _concurrent(value: int | None | Unset, present: SessionConcurrency | None) -> SessionConcurrencyWrite | None:
    known = None if present is None else present.max_sessions
    if isinstance(value, int):
        return SessionConcurrencyWrite(enabled=True, max_sessions=value)
    if value is None:
        return SessionConcurrencyWrite(enabled=False, max_sessions=1 if known is None else known)
    if present is None or present.enabled is None or known is None:
        return None
    return SessionConcurrencyWrite(enabled=present.enabled, max_sessions=known)
