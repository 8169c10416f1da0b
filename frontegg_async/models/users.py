"""Models of users, of their memberships in tenants, and the request bodies for both."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, Self, TypeAlias, cast

import attrs

from frontegg_async._values.fields import EXPECTED, OTHER_NAME, WIRE_NAME
from frontegg_async._values.json_values import JsonValue, LazyJson
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model, ModelWithMetadata
from frontegg_async.models.permissions import Permission
from frontegg_async.models.roles import Role

__all__ = [
    "InvitationTask",
    "InvitedUser",
    "RoleAssignment",
    "RolesTask",
    "RolesTaskError",
    "TaskStatus",
    "TenantStatus",
    "User",
    "UserGroups",
    "UserIdentifier",
    "UserMembership",
    "UserPreset",
    "UserRoleIds",
    "UserSession",
    "UserSort",
    "UserStatus",
    "UserStatuses",
    "UserToInvite",
]


class UserSort(enum.StrEnum):
    """The fields that sort a listing of users."""

    CREATED_AT = "createdAt"
    """The time of creation."""
    NAME = "name"
    """The name."""
    EMAIL = "email"
    """The e-mail address."""
    ID = "id"
    """The id of the user."""
    VERIFIED = "verified"
    """Whether the e-mail address is verified."""
    IS_LOCKED = "isLocked"
    """Whether the user is locked."""
    PROVIDER = "provider"
    """The provider of the user's sign-in."""
    TENANT_ID = "tenantId"
    """The id of the active tenant."""


UserSortLiteral: TypeAlias = Literal[
    "createdAt",
    "name",
    "email",
    "id",
    "verified",
    "isLocked",
    "provider",
    "tenantId",
    "created_at",
    "is_locked",
    "tenant_id",
]
"""The fields of `UserSort` as text."""


class UserIdentifier(enum.StrEnum):
    """The identifiers of users that a listing of users can search."""

    EMAIL = "email"
    """The e-mail address."""
    PHONE_NUMBER = "phoneNumber"
    """The phone number."""
    USERNAME = "username"
    """The user name."""


UserIdentifierLiteral: TypeAlias = Literal["email", "phoneNumber", "username", "phone_number"]
"""The values of `UserIdentifier` as text."""


class UserPreset(enum.StrEnum):
    """The predefined filters of a listing of users."""

    MFA_UNENROLLED = "mfa-unenrolled"
    """Users without a second factor."""
    BREACHED_PASSWORDS = "breached-passwords"
    """Users whose passwords were published in a leak."""
    INACTIVE = "inactive"
    """Users who have not signed in for some time."""


UserPresetLiteral: TypeAlias = Literal[
    "mfa-unenrolled", "breached-passwords", "inactive", "mfa_unenrolled", "breached_passwords"
]
"""The values of `UserPreset` as text."""


class UserStatus(enum.StrEnum):
    """The status of a user in a tenant."""

    PENDING_INVITATION = "PendingInvitation"
    """A user who has not accepted the invitation yet."""
    PENDING_LOGIN = "PendingLogin"
    """A member who has not signed in yet."""
    ACTIVATED = "Activated"
    """A member who has signed in."""
    NOT_ACTIVATED = "NotActivated"
    """A member whose account is not activated."""


UserStatusLiteral: TypeAlias = Literal[
    "PendingInvitation",
    "PendingLogin",
    "Activated",
    "NotActivated",
    "pending_invitation",
    "pending_login",
    "activated",
    "not_activated",
]
"""The values of `UserStatus` as text."""


class TaskStatus(enum.StrEnum):
    """The state of a task that changes roles in many tenants."""

    NOT_STARTED = "NotStarted"
    """The task has not begun."""
    IN_PROGRESS = "InProgress"
    """The task has begun."""
    COMPLETED = "Completed"
    """The task has ended and succeeded in all tenants."""
    COMPLETED_WITH_ERRORS = "CompletedWithErrors"
    """The task has ended and failed in some tenants."""


_OVER: Final = frozenset({TaskStatus.COMPLETED, TaskStatus.COMPLETED_WITH_ERRORS})


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserMembership(Model):
    """The membership of a user in a tenant."""

    tenant_id: str
    """The id of the tenant."""
    roles: tuple[Role, ...] | None = attrs.field(default=None, repr=False)
    """The roles of the user in the tenant; ``None`` if the response lacks the roles, for example in listings."""
    is_disabled: bool | None = None
    """Whether the user is barred from the tenant; ``None`` if the response lacks this field."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "temporaryExpirationDate"})
    """The time at which the user leaves the tenant automatically; ``None`` for a permanent member."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class User(ModelWithMetadata):
    """A user. The operation decides which fields the service returns. All other fields are ``None``."""

    id: str
    """The id of the user."""
    email: str | None = attrs.field(default=None, repr=False)
    """The user's e-mail address."""
    name: str | None = attrs.field(default=None, repr=False)
    """The user's name."""
    sub: str | None = attrs.field(default=None, repr=False)
    """The ``sub`` of the user's tokens; ``None`` if the response lacks it."""
    tenant_id: str | None = None
    """The id of the active tenant."""
    tenant_ids: tuple[str, ...] = ()
    """The ids of the tenants to which the user belongs.

    Tenants that the user reaches only through the hierarchy are not included. A listing may contain users of deleted
    tenants.
    """
    tenants: tuple[UserMembership, ...] = attrs.field(default=(), repr=False)
    """The memberships of the user in these tenants."""
    roles: tuple[Role, ...] | None = attrs.field(default=None, repr=False)
    """The roles of the user in the tenant of the request; ``None`` if the response lacks the roles."""
    permissions: tuple[Permission, ...] | None = attrs.field(default=None, repr=False)
    """The permissions of the user in the tenant of the request; ``None`` if the response lacks the permissions."""
    verified: bool | None = attrs.field(default=None, repr=False)
    """Whether the e-mail address is verified."""
    is_locked: bool | None = attrs.field(default=None, repr=False)
    """Whether the user is locked and cannot sign in to any tenant."""
    activated_for_tenant: bool | None = attrs.field(default=None, repr=False)
    """Whether the user is activated in the tenant of the request."""
    mfa_enrolled: bool | None = attrs.field(default=None, repr=False)
    """Whether the user has a second factor."""
    mfa_bypass: bool | None = attrs.field(default=None, repr=False)
    """Whether the user may sign in without a second factor."""
    phone_number: str | None = attrs.field(default=None, repr=False)
    """The user's phone number."""
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    """The address of the user's picture."""
    provider: str | None = attrs.field(default=None, repr=False)
    """The provider of the user's sign-in, such as ``local``, ``saml`` or ``google``."""
    managed_by: str | None = attrs.field(default=None, repr=False)
    """The manager of the user: ``frontegg``, ``scim2`` or ``external``, or a text that this version does not know."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: the parsed JSON value, `RawText` if the text is not JSON, or ``None``."""
    vendor_metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata that the user does not see, parsed like ``metadata``."""
    external_id: str | None = attrs.field(default=None, repr=False)
    """The id of the user in your own system."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the user was created."""
    last_login: datetime | None = attrs.field(default=None, repr=False)
    """The time of the user's last sign-in; ``None`` if the user never signed in, or the response lacks the time."""
    sub_account_access_allowed: bool | None = attrs.field(default=None, repr=False)
    """Whether the user may enter the sub-accounts of the user's tenants."""
    invisible: bool | None = attrs.field(default=None, repr=False)
    """Whether some listings and counts leave the user out."""
    super_user: bool | None = attrs.field(default=None, repr=False)
    """Whether the user may enter all tenants."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


LazyJson.install(User, "metadata")
LazyJson.install(User, "vendor_metadata")


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class InvitedUser(ModelWithMetadata):
    """A user who was invited to a tenant."""

    id: str
    """The id of the user."""
    email: str | None = attrs.field(default=None, repr=False)
    """The user's e-mail address."""
    name: str | None = attrs.field(default=None, repr=False)
    """The user's name."""
    verified: bool | None = attrs.field(default=None, repr=False)
    """Whether the e-mail address is verified."""
    activated_for_tenant: bool | None = attrs.field(default=None, repr=False)
    """Whether the user is activated in the tenant; ``None`` if the response lacks this field."""
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    """The address of the user's picture."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: the parsed JSON value, `RawText` if the text is not JSON, or ``None``."""
    roles: tuple[Role, ...] | None = attrs.field(default=None, repr=False)
    """The roles of the user in the tenant; ``None`` if the response lacks the roles."""
    permissions: tuple[Permission, ...] | None = attrs.field(default=None, repr=False)
    """The permissions of the user in the tenant; ``None`` if the response lacks the permissions."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the user was created."""
    last_login: datetime | None = attrs.field(default=None, repr=False)
    """The time of the user's last sign-in; ``None`` if the user never signed in."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "temporaryExpirationDate"})
    """The time at which the user leaves the tenant automatically; ``None`` for a permanent member."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


LazyJson.install(InvitedUser, "metadata")


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserRoleIds(Model):
    """The ids of the roles of a user in a tenant."""

    user_id: str
    """The id of the user."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` if the response lacks it."""
    role_ids: tuple[str, ...] = ()
    """The ids of the roles."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserGroups(Model):
    """The ids of the groups of a user in a tenant."""

    user_id: str
    """The id of the user."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` if the response lacks it."""
    group_ids: tuple[str, ...] = ()
    """The ids of the groups. `groups.get_many` returns the groups."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class RoleAssignment(Model):
    """The roles of a user in a tenant after a change."""

    tenant_id: str
    """The id of the tenant; empty if neither the response nor the client's token contains it."""
    user_id: str
    """The id of the user."""
    roles: tuple[Role, ...] = attrs.field(default=(), repr=False)
    """The roles."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class RolesTaskError(Model):
    """The reason why a task could not change the roles in some tenants."""

    message: str
    """The reason, in the service's words."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` if ``tenant_ids`` has several ids."""
    tenant_ids: tuple[str, ...] = ()
    """The ids of the tenants if the error concerns several tenants."""
    details: str | None = attrs.field(default=None, repr=False)
    """Details of the reason."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class RolesTask(Model):
    """A change of a user's roles in many tenants, which the service may carry out later."""

    id: str | None = None
    """The id to pass to `users.get_roles_task`; ``None`` if the service carried out the change immediately."""
    user_id: str | None = None
    """The id of the user."""
    status: TaskStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    """The status: a `TaskStatus`, or a text that this version does not know.

    Empty if the response has no status. ``extra["status"]`` is then ``None`` for a null status, and ``""`` for a
    missing status.
    """
    total_tenants: int | None = None
    """The number of tenants of the task.

    After an immediate change, the number of tenants in which the change succeeded.
    """
    processed_tenants: int | None = None
    """The number of tenants in which the change is done."""
    added_role_ids: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The ids of the roles that are added."""
    removed_role_ids: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The ids of the roles that are removed."""
    errors: tuple[RolesTaskError, ...] = attrs.field(default=(), repr=False)
    """The failures."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @property
    def is_over(self) -> bool:
        """Whether the task has ended, with or without errors."""
        return self.status in _OVER


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class RolesChange(Value):
    """The response to a change of roles in many tenants: the completed change, or the task that will carry it out."""

    task_id: str | None = attrs.field(default=None, metadata={OTHER_NAME: "id"})
    user_id: str | None = None
    status: TaskStatus | str | None = None
    affected_tenants: int | None = None
    roles_added: tuple[str, ...] = ()
    roles_removed: tuple[str, ...] = ()
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class InvitationTask(Model):
    """An invitation of many users, which the service carries out later."""

    id: str
    """The id to pass to `users.get_invitation_task`."""
    status: str | None = None
    """The state as the service names it. No source lists the names."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, by their names in the JSON, such as counts and errors.

    No source documents the fields.
    """

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the task of a response. No source documents whether the response is an object or only the id.

        Args:
            value: The parsed response, or its text if the text is not JSON.

        Returns:
            The task, or ``None`` if the response has no id.
        """
        is_object = isinstance(value, Mapping)
        fields = dict(cast("Mapping[str, JsonValue]", value if is_object else {"id": value}))
        for name in ("id", "taskId", "migrationId"):
            task_id = fields.get(name)
            if isinstance(task_id, str) and task_id:
                del fields[name]
                status = fields.get("status", fields.get("state"))
                return cls(id=task_id, status=status if isinstance(status, str) else None, extra=fields)
        return None


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantStatus(Model):
    """The status of a user in one tenant."""

    tenant_id: str
    """The id of the tenant."""
    status: UserStatus | str = attrs.field(default="", metadata={EXPECTED: True})
    """The status: a `UserStatus`, or a text that this version does not know.

    Empty if the response has no status. ``extra["status"]`` is then ``None`` for a null status, and ``""`` for a
    missing status.
    """
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserStatuses(Model):
    """The status of a user in each tenant of the user."""

    user_id: str
    """The id of the user."""
    tenants_statuses: tuple[TenantStatus, ...] = attrs.field(default=(), repr=False)
    """The tenants of the user, at most 2,000, each with the status of the user."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserSession(Model):
    """A session of a user: one sign-in on one device."""

    id: str
    """The id of the session."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the sign-in."""
    ip_address: str | None = attrs.field(default=None, repr=False)
    """The IP address from which the user signed in."""
    user_agent: str | None = attrs.field(default=None, repr=False)
    """The user agent of the program with which the user signed in."""
    current: bool | None = attrs.field(default=None, repr=False)
    """Whether the session is the session of this request."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserToInvite(Value):
    """One of the users to invite with `users.invite_many`. Fields that are ``None`` are not sent."""

    email: str = attrs.field(repr=False)
    """The e-mail address that receives the invitation."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    role_ids: Sequence[str] | None = None
    """The ids of the roles that the user gets in the tenant."""
    role_keys: Sequence[str] | None = None
    """The keys of the roles, instead of ``role_ids``. The client finds the ids for all users with one request."""
    send_email: bool | None = None
    """Whether to send an e-mail; ``False`` sends none."""
    username: str | None = attrs.field(default=None, repr=False)
    """The user name for the sign-in, at most 255 letters, digits, ``.``, ``_`` and ``-``."""
    phone_number: str | None = attrs.field(default=None, repr=False)
    """The phone number, such as ``+49301234567``."""
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    """The address of a picture, at most 4,095 characters."""
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: a JSON object."""
    expiration_in_seconds: int | timedelta | None = None
    """The number of seconds after which the user leaves the tenant automatically, at least 300."""
    verified: bool | None = None
    """Whether the e-mail address is marked as verified."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvitation(Value):
    """A user to invite, in the form of the request."""

    email: str | None = attrs.field(default=None, repr=False)
    username: str | None = attrs.field(default=None, repr=False)
    name: str | None = attrs.field(default=None, repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    phone_number: str | None = attrs.field(default=None, repr=False)
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    provider: str | None = None
    metadata: str | None = attrs.field(default=None, repr=False)
    skip_invite_email: bool | None = None
    role_ids: tuple[str, ...] | None = None
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    expiration_in_seconds: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BulkUserInvitation(UserInvitation):
    """A user to invite together with others, in the form of the request."""

    verified: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BulkInvitation(Value):
    """The users to invite, at most 1,000."""

    users: tuple[BulkUserInvitation, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationReset(Value):
    """The user whose invitation is sent again."""

    email: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserEmail(Value):
    """The new e-mail address of a user."""

    email: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserUpdate(Value):
    """The fields of a user to change in a tenant. Fields that are `UNSET` are not sent."""

    name: str | Unset = attrs.field(default=UNSET, repr=False)
    phone_number: str | Unset = attrs.field(default=UNSET, repr=False)
    profile_picture_url: str | None | Unset = attrs.field(default=UNSET, repr=False)
    metadata: str | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserReplacement(Value):
    """All fields of a user in all tenants.

    Fields that are ``None`` are not sent, so the service clears these fields.
    """

    name: str | None = attrs.field(default=None, repr=False)
    phone_number: str | None = attrs.field(default=None, repr=False)
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    metadata: str | None = attrs.field(default=None, repr=False)
    vendor_metadata: str | None = attrs.field(default=None, repr=False)
    mfa_bypass: bool | None = None
    external_id: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class NewMembership(Value):
    """The tenant to which to add a user, and whether the service refuses an unknown tenant."""

    tenant_id: str
    validate_tenant_exist: bool | None = None
    skip_invite_email: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActiveTenant(Value):
    """The new active tenant, and whether the service refuses an unknown tenant."""

    tenant_id: str
    validate_tenant_exist: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionRevocation(Value):
    """The user whose sessions the service ends."""

    user_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TeamMemberUpdate(Value):
    """A member of a tenant, and the ids that replace all role ids of the member in this tenant."""

    id: str
    email: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleIds(Value):
    """The ids of roles."""

    role_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleIdsByTenant(Value):
    """The ids of roles to add and to remove, and the ids of the tenants.

    Without ids of tenants, all tenants of the user.
    """

    add_role_ids: tuple[str, ...] | None = None
    remove_role_ids: tuple[str, ...] | None = None
    tenant_ids: tuple[str, ...] | None = None
