"""``security.password``, ``security.password_history`` and ``security.password_rotation``: policies for passwords."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.endpoints import security as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.security_policies import (
    PasswordHistoryPolicy,
    PasswordHistoryPolicyWrite,
    PasswordPolicy,
    PasswordPolicyWrite,
    PasswordRotationPolicy,
    PasswordRotationPolicyWrite,
)
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.security.policies import (
    check_number,
    check_some,
    completed,
    find,
    upsert,
    written,
)

_LONGEST: Final = 2_628_000
"""The longest period that a policy may have, in minutes."""

_DEFAULT_ROTATION: Final = 129_600
_DEFAULT_NOTIFICATION: Final = 10_080
"""The default periods of a new rotation policy, in minutes (documented)."""


class AsyncTenantSecurityPassword:
    """The password policy of one tenant: the rules for new passwords.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> PasswordPolicy | None:
        """Get the password policy.

        ``GET /identity/resources/configurations/v1/password`` (documented).

        Returns:
            The policy, or ``None`` if the tenant has no policy of its own.
        """
        return await find(self._caller, endpoints.GET_PASSWORD, options)

    async def set(
        self,
        *,
        min_length: int | None = None,
        max_length: int | None = None,
        allow_passphrases: bool | None = None,
        min_phrase_length: int | None = None,
        min_optional_tests_to_pass: int | None = None,
        block_pwned_passwords: bool | None = None,
        optional_tests: Mapping[str, JsonValue] | None = None,
        required_tests: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> PasswordPolicy:
        """Change the password policy, or create it if the tenant has none.

        Omitted fields keep their values.

        ``POST /identity/resources/configurations/v1/password`` (documented).

        Args:
            min_length: The smallest number of characters of a password, at least 1.
            max_length: The largest number of characters of a password, at least ``min_length``.
            allow_passphrases: Whether a long password (a passphrase) is exempt from the other tests.
            min_phrase_length: The smallest number of characters of a passphrase, at least 1.
            min_optional_tests_to_pass: The smallest number of optional tests that a password must pass, at least 0.
            block_pwned_passwords: Whether passwords from published leaks are refused.
            optional_tests: A mapping from the names of optional tests to whether the tests are enabled:
                ``requireLowercase``, ``requireUppercase``, ``requireNumbers``, ``requireSpecialChars``.
            required_tests: A mapping from the names of required tests to whether the tests are enabled:
                ``checkThreeRepeatedChars``.

        Returns:
            The policy after the change.

        Raises:
            InvalidArgumentError: No setting is given, an argument is not allowed, or ``min_length`` exceeds
                ``max_length``. An omitted argument has its current value in this comparison. Nothing was changed.
            BadRequestError: The service refused the policy.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        given = {
            "min_length": min_length,
            "max_length": max_length,
            "allow_passphrases": allow_passphrases,
            "min_phrase_length": min_phrase_length,
            "min_optional_tests_to_pass": min_optional_tests_to_pass,
            "block_pwned_passwords": block_pwned_passwords,
            "optional_tests": _check_tests(optional_tests, "optional_tests"),
            "required_tests": _check_tests(required_tests, "required_tests"),
        }
        check_some(given)
        check_number(min_length, "min_length", 1)
        check_number(max_length, "max_length", min_length or 1)
        check_number(min_phrase_length, "min_phrase_length", 1)
        check_number(min_optional_tests_to_pass, "min_optional_tests_to_pass", 0)
        body = await completed(
            self._caller, endpoints.SET_PASSWORD, endpoints.GET_PASSWORD, PasswordPolicyWrite, given, options=options
        )
        least, most = body.min_length, body.max_length
        if (min_length or max_length) and least is not None and most is not None and least > most:
            raise InvalidArgumentError(
                f"min_length {least} and max_length {most} of the policy fit no password: give a smaller min_length"
            )
        return await upsert(self._caller, endpoints.SET_PASSWORD, endpoints.GET_PASSWORD, body, options)


class AsyncTenantSecurityPasswordHistory:
    """The password history policy of one tenant: a new password must differ from a number of former passwords.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> PasswordHistoryPolicy | None:
        """Get the password history policy.

        ``GET /identity/resources/configurations/v1/password-history-policy`` (documented).

        Returns:
            The policy, or ``None`` if the tenant has no policy of its own.
        """
        return await find(self._caller, endpoints.GET_HISTORY, options)

    async def set(
        self,
        *,
        enabled: bool | None = None,
        history_size: int | None = None,
        options: Options | None = None,
    ) -> PasswordHistoryPolicy:
        """Change the password history policy, or create it if the tenant has none.

        Omitted fields keep their values.

        ``PATCH /identity/resources/configurations/v1/password-history-policy`` (documented), or ``POST
        /identity/resources/configurations/v1/password-history-policy`` (documented) if the tenant has no policy.

        Args:
            enabled: Whether former passwords are refused. Required if the tenant has no policy.
            history_size: The number of former passwords that are refused, 1 to 10. Required if the tenant has no
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
        given = {"enabled": enabled, "history_size": history_size}
        check_some(given)
        check_number(history_size, "history_size", 1, 10)
        body = await completed(
            self._caller,
            endpoints.SET_HISTORY,
            endpoints.GET_HISTORY,
            PasswordHistoryPolicyWrite,
            given,
            options=options,
            needed=tuple(given),
        )
        return await upsert(
            self._caller,
            endpoints.SET_HISTORY,
            endpoints.GET_HISTORY,
            body,
            options,
            create=endpoints.CREATE_HISTORY,
        )


class AsyncTenantSecurityPasswordRotation:
    """The password rotation policy of one tenant: how often users must change their password.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> PasswordRotationPolicy | None:
        """Get the password rotation policy.

        ``GET /identity/resources/configurations/v1/password-rotation`` (documented).

        Returns:
            The policy, or ``None`` if the tenant has no policy of its own.
        """
        return await find(self._caller, endpoints.GET_ROTATION, options)

    async def set(
        self,
        *,
        enabled: bool | None = None,
        rotation_period_minutes: int | timedelta | None = None,
        notification_period_minutes: int | timedelta | None = None,
        options: Options | None = None,
    ) -> PasswordRotationPolicy:
        """Change the password rotation policy, or create it if the tenant has none.

        Omitted fields keep their values.

        ``POST /identity/resources/configurations/v1/password-rotation`` (documented).

        Args:
            enabled: Whether users must change their password regularly.
            rotation_period_minutes: The number of minutes after which a user must change the password, 1 to 2,628,000.
                The default of a new policy is 129,600 (90 days).
            notification_period_minutes: The number of minutes between the notification of a user and the required
                change, 0 to 2,628,000, and at most ``rotation_period_minutes``. The default of a new policy is 10,080
                (7 days).

        Returns:
            The policy after the change.

        Raises:
            InvalidArgumentError: No setting is given, an argument is not allowed, or ``notification_period_minutes``
                exceeds ``rotation_period_minutes``. An omitted argument has its current or default value in this
                comparison. Nothing was changed.
            BadRequestError: The service refused the policy.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made. Or the service
                accepted the policy, but returns other values afterwards.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        minutes = functools.partial(arguments.optional_duration, most=_LONGEST)
        given = {
            "enabled": enabled,
            "rotation_period_minutes": minutes(rotation_period_minutes, "rotation_period_minutes", least=1),
            "notification_period_minutes": minutes(notification_period_minutes, "notification_period_minutes", least=0),
        }
        check_some(given)
        body = await completed(
            self._caller,
            endpoints.SET_ROTATION,
            endpoints.GET_ROTATION,
            PasswordRotationPolicyWrite,
            given,
            options=options,
        )
        every = _DEFAULT_ROTATION if body.rotation_period_minutes is None else body.rotation_period_minutes
        before = _DEFAULT_NOTIFICATION if body.notification_period_minutes is None else body.notification_period_minutes
        # It is not documented that the service refuses this, but users would be notified all the time.
        if (rotation_period_minutes or notification_period_minutes) and before > every:
            raise InvalidArgumentError(
                f"notification_period_minutes must be at most rotation_period_minutes: the policy would "
                f"have {before} and {every} minutes, with its current or default values. Give both arguments"
            )
        return await written(self._caller, endpoints.SET_ROTATION, endpoints.GET_ROTATION, body, options)


def _check_tests(value: Mapping[str, JsonValue] | None, argument: str) -> Mapping[str, JsonValue] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not all(isinstance(flag, bool) for flag in value.values()):
        raise InvalidArgumentError(f"{argument} must be a mapping of test names to booleans, not {kind_of(value)}")
    return value
