"""``frontegg.users``: users who come from elsewhere with their passwords, or with the hashes of these."""

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
    """Users who come from elsewhere with their passwords, or with the hashes of these."""

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
        """Create a user who comes from elsewhere, with a password or with the hash of one. No e-mail is sent.

        ``POST /identity/resources/migrations/v1/local`` (documented). Shipped clients send a ``password``, which the
        description does not have. The client reads by the e-mail address whether the user is in the tenant before it
        sends the request, and again after a lost response. No error, log or hook has the secrets.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            email: The e-mail address, at most 256 characters.
            name: The name that people see; not empty.
            password: The password itself, if you know it.
            password_hash: The hash of the password, in its place. For scrypt it is salt and key with the salt separator
                between them.
            password_hash_type: How the password was hashed; it goes with ``password_hash``.
            password_hash_config: The parameters of the hash, as the text of a JSON object, at most 4,095 characters:
                see `UserToMigrate`.
            mfa_secret: The secret of the user's authenticator app.
            phone_number: The phone number, as ``+49301234567``. The service asks for it as a second factor.
            phone_number_type: What the phone number is for.
            profile_picture_url: The address of a picture, as a URL of at most 4,095 characters.
            provider: What the user signs in with: ``local``, the default, ``saml``, ``google``, ``github``,
                ``facebook``, ``microsoft``, ``scim2``, ``slack`` or ``apple``.
            metadata: A JSON object of your own.
            vendor_metadata: A JSON object of your own, which the user does not see.
            role_ids: The ids of the roles that the user gets, at least one: roles of the environment or of the tenant;
                the service chooses by default.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.
            external_id: The id of the user in your own system.
            username: A name to sign in with, at most 128 characters.
            verify: Whether the e-mail address counts as verified; `mark_verified` does that later.

        Returns:
            The user.

        Raises:
            BadRequestError: The service refused a field, or a role is not one that the tenant may use.
            NotFoundError: There is no such tenant, or no role has one of the keys.
            ConflictError: There is a user with this address or user name already.
            OutcomeUnknownError: The response was lost: the user may or may not have been created.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
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
        """Create many users who come from elsewhere; nothing is sent before the outcomes are read.

        ``POST /identity/resources/migrations/v1/local/bulk`` (documented), a request for each 1,000 users, one after
        the other. The client reads the state of each migration with growing waits until the migration is over. It
        never sends a request twice: if a response is lost, its rows are unknown. No source types the state, so what the
        service does not say for certain is unknown too. If the first request fails for certain, its error is raised; of
        later requests the rows have failed. No error, outcome, log or hook has the secrets.

        Args:
            users: The users: any number, from an iterable, plain or ``async``, of rows. Those of a list or a tuple are
                all checked before anything is sent. Of another iterable, at most 1,000 rows are held at a time, and a
                row that is not allowed has failed.
            timeout: The most seconds to wait for the end of each migration; ``None`` for no limit. When they are over,
                its rows are unknown.

        Returns:
            The migration: iterate it for the outcome of each row, in order, or ask for ``all()``.

        Raises:
            InvalidArgumentError: An argument is not allowed. The iteration raises it for a row of a list, with its
                index.
        """
        rows = MigratedRows(self._caller, arguments.check_seconds(timeout, "timeout"), options)
        return AsyncUserMigration(UserMigrationReader(users, rows))

    async def get_migration_task(self, migration_id: str, *, options: Options | None = None) -> UserMigrationTask:
        """Get how far a migration of many users has come.

        ``GET /identity/resources/migrations/v1/local/bulk/status/{migrationId}`` (documented). No source types the
        response: its form is assumed.

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
