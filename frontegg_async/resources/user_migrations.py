"""``frontegg.users``: migration of users from other systems, with passwords or password hashes."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from datetime import timedelta

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret, hide
from frontegg_async.endpoints import user_migrations as endpoints
from frontegg_async.errors import FronteggError
from frontegg_async.models.migrated_users import UserMigrationTask
from frontegg_async.models.user_migrations import (
    PasswordHashType,
    PasswordHashTypeLiteral,
    PhoneNumberType,
    PhoneNumberTypeLiteral,
    UserToMigrate,
)
from frontegg_async.models.users import User
from frontegg_async.options import Options
from frontegg_async.resources.support.bulk_migration import MigratedRows
from frontegg_async.resources.support.migrated_users import migrated, migration, without_secrets
from frontegg_async.resources.support.role_keys import by_ids, optional_roles
from frontegg_async.resources.support.writes import write
from frontegg_async.user_migration import AsyncUserMigration, UserMigrationReader


class UserMigrations:
    """Migration of users from other systems, with passwords or password hashes."""

    __slots__ = ()

    _caller: Caller

    async def migrate(
        self,
        tenant_id: str,
        *,
        email: str,
        name: str | None = None,
        password: str | Secret | None = None,
        password_hash: str | Secret | None = None,
        password_hash_type: PasswordHashType | PasswordHashTypeLiteral | None = None,
        password_hash_config: str | Secret | None = None,
        mfa_secret: str | Secret | None = None,
        phone_number: str | None = None,
        phone_number_type: PhoneNumberType | PhoneNumberTypeLiteral | None = None,
        profile_picture_url: str | None = None,
        provider: str | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        vendor_metadata: Mapping[str, JsonValue] | None = None,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        external_id: str | None = None,
        username: str | None = None,
        verify: bool | None = None,
        options: Options | None = None,
    ) -> User:
        """Create a user from another system, with a password or a password hash. No e-mail is sent.

        ``POST /identity/resources/migrations/v1/local`` (documented). Frontegg's own clients send a ``password``, which
        the documentation does not mention. The client checks by the e-mail address whether the user is in the tenant
        before it sends the request, and again after a lost response. Errors, logs and hooks do not contain the secrets.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            email: The e-mail address, at most 256 characters.
            name: The name that people see; not empty.
            password: The password, if you know it.
            password_hash: The hash, in place of ``password``. For scrypt, the hash consists of the salt, the salt
                separator and the key.
            password_hash_type: The algorithm of ``password_hash``.
            password_hash_config: The parameters of the hash, as a JSON text of at most 4,095 characters: see
                `UserToMigrate`.
            mfa_secret: The secret of the user's authenticator app.
            phone_number: The phone number, as ``+49301234567``. The service uses it as a second factor.
            phone_number_type: The purpose of the phone number.
            profile_picture_url: The URL of a picture, at most 4,095 characters.
            provider: The way to sign in: ``local``, the default, ``saml``, ``google``, ``github``, ``facebook``,
                ``microsoft``, ``scim2``, ``slack`` or ``apple``.
            metadata: A JSON object of your own.
            vendor_metadata: A JSON object of your own, which the user does not see.
            role_ids: The ids of the roles that the user gets, at least one: roles of the environment or of the tenant;
                the service chooses by default.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.
            external_id: The id of the user in your own system.
            username: A name to sign in with, at most 128 characters.
            verify: Whether the e-mail address counts as verified. `mark_verified` marks it as verified later.

        Returns:
            The user.

        Raises:
            BadRequestError: The service refused a field, or the tenant may not use one of the roles.
            NotFoundError: There is no such tenant, or no role has one of the keys.
            ConflictError: There is a user with this address or user name already.
            OutcomeUnknownError: The response was lost: the user may or may not have been created.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        password, password_hash, mfa_secret = hide(password), hide(password_hash), hide(mfa_secret)
        password_hash_config = hide(password_hash_config)
        roles = optional_roles(role_ids, role_keys)
        user = UserToMigrate(
            tenant_id=tenant_id,
            email=email,
            name=name,
            password=password,
            password_hash=password_hash,
            password_hash_type=password_hash_type,
            password_hash_config=password_hash_config,
            mfa_secret=mfa_secret,
            phone_number=phone_number,
            phone_number_type=phone_number_type,
            profile_picture_url=profile_picture_url,
            provider=provider,
            metadata=metadata,
            vendor_metadata=vendor_metadata,
            role_ids=roles,
            external_id=external_id,
            username=username,
            verify=verify,
        )
        body = migration(user)
        in_tenant = self._caller.for_tenant(tenant_id)
        body, options = await by_ids(in_tenant, endpoints.MIGRATE, body, role_keys, options)
        try:
            reconcile = migrated(self._caller, body)
            return await write(self._caller, endpoints.MIGRATE, body=body, options=options, reconcile=reconcile)
        except FronteggError as error:
            failure = without_secrets(error, body)
        raise failure.fresh() from failure.__cause__

    def bulk_migrate(
        self,
        users: Iterable[UserToMigrate] | AsyncIterable[UserToMigrate],
        *,
        timeout: float | timedelta | None = 600.0,
        options: Options | None = None,
    ) -> AsyncUserMigration:
        """Create many users from another system.

        ``POST /identity/resources/migrations/v1/local/bulk`` (documented), one request after the other, each for up to
        1,000 users. The client polls the state of each migration with growing waits until the migration ends. The
        client never sends a request to create users twice. If a response is lost, the outcome of the rows in that
        request is unknown. No source describes the states, so the outcome of a row with an unclear state is unknown,
        too. If the service refuses the first request, the iteration raises the error. If the service refuses a later
        request, the outcome of its rows is a failure. Errors, outcomes, logs and hooks do not contain the secrets.

        Args:
            users: The users: an iterable, plain or ``async``, of any number of rows. All rows of a list or a tuple are
                checked before the first request. Of another iterable, the client holds at most 1,000 rows at a time,
                and the outcome of an invalid row is a failure.
            timeout: The most seconds to wait for the end of each migration; ``None`` for no limit. After this time the
                outcome of the migration's rows is unknown.

        Returns:
            The migration. Iterate the migration for the outcome of each row, in order, or call ``all()``. The first
            request is sent when you iterate the migration or call ``all()``.

        Raises:
            InvalidArgumentError: An argument is not allowed. The iteration raises this error for an invalid row of a
                list, with the index of the row.
        """
        rows = MigratedRows(self._caller, arguments.check_seconds(timeout, "timeout"), options)
        return AsyncUserMigration(UserMigrationReader(users, rows))

    async def get_migration_task(self, migration_id: str, *, options: Options | None = None) -> UserMigrationTask:
        """Get the progress of a migration of many users.

        ``GET /identity/resources/migrations/v1/local/bulk/status/{migrationId}`` (documented). The form of the response
        is assumed, since no source describes it.

        Args:
            migration_id: The id of the migration, from an outcome of `bulk_migrate`, 1 to 256 characters.

        Returns:
            The migration as it is now.

        Raises:
            NotFoundError: There is no such migration.
            ResponseMismatchError: The response was about another migration.
        """
        arguments.check_id(migration_id, "migration_id")
        return await self._caller.value(endpoints.MIGRATION_TASK, path={"migration_id": migration_id}, options=options)
