"""Models of applications, of their assignments to tenants, and the request bodies for both."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model, ModelWithMetadata

__all__ = ["Application", "ApplicationAccess", "ApplicationAssignment", "ApplicationType", "FrontendStack"]

_APP_URL: Final = {WIRE_NAME: "appURL"}
_LOGIN_URL: Final = {WIRE_NAME: "loginURL"}
_LOGO_URL: Final = {WIRE_NAME: "logoURL"}


class ApplicationAccess(enum.StrEnum):
    """The kinds of access to an application."""

    FREE_ACCESS = "FREE_ACCESS"
    """All tenants may use the application. In an assignment to a tenant, all users of the tenant may use it."""
    MANAGED_ACCESS = "MANAGED_ACCESS"
    """Only the tenants to which the application is assigned may use it.

    In an assignment to a tenant, only the users to whom the application is assigned may use it.
    """


ApplicationAccessLiteral: TypeAlias = Literal["free_access", "managed_access"]
"""The values of `ApplicationAccess` as text."""


class ApplicationType(enum.StrEnum):
    """The types of applications."""

    WEB = "web"
    """A web application."""
    MOBILE_IOS = "mobile-ios"
    """An app for iOS."""
    MOBILE_ANDROID = "mobile-android"
    """An app for Android."""
    AGENT = "agent"
    """An AI agent."""
    OTHER = "other"
    """Another type of application."""


ApplicationTypeLiteral: TypeAlias = Literal[
    "web", "mobile-ios", "mobile-android", "agent", "other", "mobile_ios", "mobile_android"
]
"""The values of `ApplicationType` as text."""


class FrontendStack(enum.StrEnum):
    """The frameworks and languages of applications."""

    REACT = "react"
    """React."""
    VUE = "vue"
    """Vue."""
    ANGULAR = "angular"
    """Angular."""
    NEXT_JS = "next.js"
    """Next.js."""
    VANILLA_JS = "vanilla.js"
    """JavaScript without a framework."""
    IONIC = "ionic"
    """Ionic."""
    FLUTTER = "flutter"
    """Flutter."""
    REACT_NATIVE = "react-native"
    """React Native."""
    KOTLIN = "kotlin"
    """Kotlin."""
    SWIFT = "swift"
    """Swift."""


FrontendStackLiteral: TypeAlias = Literal[
    "react",
    "vue",
    "angular",
    "next.js",
    "vanilla.js",
    "ionic",
    "flutter",
    "react-native",
    "kotlin",
    "swift",
    "next_js",
    "vanilla_js",
    "react_native",
]
"""The values of `FrontendStack` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Application(ModelWithMetadata):
    """An application of the environment, to which users sign in."""

    id: str
    """The id of the application. It differs between environments."""
    name: str = attrs.field(default="", repr=False)
    """The name of the application."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment; ``None`` if the response lacks it."""
    app_url: str | None = attrs.field(default=None, repr=False, metadata=_APP_URL)
    """The address of the application."""
    login_url: str | None = attrs.field(default=None, repr=False, metadata=_LOGIN_URL)
    """The address of the application's login page."""
    logo_url: str | None = attrs.field(default=None, repr=False, metadata=_LOGO_URL)
    """The address of the application's logo."""
    access_type: ApplicationAccess | str | None = attrs.field(default=None, repr=False)
    """The kind of access that tenants have to the application; ``None`` if the response lacks it."""
    is_default: bool | None = attrs.field(default=None, repr=False)
    """Whether this is the default application. An invitation without an application is for the default application."""
    is_active: bool | None = attrs.field(default=None, repr=False)
    """Whether the application may be used."""
    type: ApplicationType | str | None = attrs.field(default=None, repr=False)
    """The type of the application."""
    frontend_stack: FrontendStack | str | None = attrs.field(default=None, repr=False)
    """The framework or language of the application."""
    description: str | None = attrs.field(default=None, repr=False)
    """The purpose of the application."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: any JSON value, parsed."""
    app_host: str | None = attrs.field(default=None, repr=False)
    """The host of the application's own domain; ``None`` without such a domain."""
    allow_dcr: bool | None = attrs.field(default=None, repr=False)
    """Whether OAuth clients may register themselves (dynamic client registration)."""
    integration_finished_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the first sign-in to the application; ``None`` if the response lacks it."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation; ``None`` if the response lacks it."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class ApplicationAssignment(Model):
    """An application that is assigned to a tenant."""

    app_id: str
    """The id of the application."""
    access_type: ApplicationAccess | str | None = None
    """The kind of access that the tenant's users have to the application."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantApplications(Value):
    """A tenant and the applications that are assigned to it."""

    tenant_id: str
    assignments: tuple[ApplicationAssignment, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantApplicationIds(Value):
    """A tenant and the ids of the applications that are assigned to it."""

    tenant_id: str
    app_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AssignedApplication(Value):
    """An application that was assigned to a user."""

    app_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApplicationTenants(Value):
    """The tenants that an application is assigned to."""

    tenant_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApplicationCreate(Value):
    """The fields of a new application. Fields that are ``None`` are not sent."""

    name: str
    app_url: str = attrs.field(metadata=_APP_URL)
    login_url: str = attrs.field(metadata=_LOGIN_URL)
    logo_url: str | None = attrs.field(default=None, repr=False, metadata=_LOGO_URL)
    access_type: ApplicationAccess | None = None
    is_default: bool | None = None
    is_active: bool | None = None
    type: ApplicationType | None = None
    frontend_stack: FrontendStack | None = None
    description: str | None = attrs.field(default=None, repr=False)
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    allow_dcr: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApplicationUpdate(Value):
    """The fields of an application to change. Fields that are `UNSET` are not sent."""

    name: str | Unset = UNSET
    app_url: str | Unset = attrs.field(default=UNSET, metadata=_APP_URL)
    login_url: str | Unset = attrs.field(default=UNSET, metadata=_LOGIN_URL)
    logo_url: str | Unset = attrs.field(default=UNSET, repr=False, metadata=_LOGO_URL)
    access_type: ApplicationAccess | Unset = UNSET
    is_default: bool | Unset = UNSET
    is_active: bool | Unset = UNSET
    type: ApplicationType | Unset = UNSET
    frontend_stack: FrontendStack | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    metadata: Mapping[str, JsonValue] | Unset = attrs.field(default=UNSET, repr=False, hash=False)
    app_host: str | Unset = UNSET
    allow_dcr: bool | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApplicationToTenant(Value):
    """The tenant to which an application is assigned, and the kind of access. Fields that are ``None`` are not sent."""

    tenant_id: str
    access_type: ApplicationAccess | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApplicationAccessChange(Value):
    """The new kind of access to an application in a tenant."""

    access_type: ApplicationAccess


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApplicationUsers(Value):
    """An application, and the users of a tenant to assign to it or to remove from it."""

    app_id: str
    tenant_id: str
    user_ids: tuple[str, ...]
