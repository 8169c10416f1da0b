"""Models of JWT templates: what the tokens of users and API tokens hold, and which tokens get which template."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, cast

import attrs

from frontegg_async._values.fields import READ, WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = [
    "DEFAULT_JWT_CLAIMS",
    "JwtAlgorithm",
    "JwtTemplate",
    "JwtTemplateAttribute",
    "JwtTemplateCondition",
    "JwtTemplateOperator",
    "JwtTemplateRule",
    "JwtTemplateSort",
    "JwtTemplateTargeting",
]

DEFAULT_JWT_CLAIMS: Final[Mapping[str, JsonValue]] = MappingProxyType(
    {
        "sub": "{{sub}}",
        "name": "{{user.name}}",
        "email": "{{user.email}}",
        "email_verified": "{{user.verified}}",
        "metadata": "{{user.metadata}}",
        "roles": "{{user.tenant.roles}}",
        "permissions": "{{user.tenant.permissions}}",
        "tenantId": "{{user.tenantId}}",
        "tenantIds": "{{user.tenantIds}}",
        "profilePictureUrl": "{{user.profilePictureUrl}}",
        "sid": "{{sid}}",
        "applicationId": "{{applicationId}}",
        "aud": "{{clientId}}",
        "iss": "{{iss}}",
        "iat": "{{iat}}",
        "exp": "{{exp}}",
    }
)
"""The claims that tokens have without a template, to begin a template with: a token has those of its template only.

``type`` is not among them: the service adds it itself, and refuses it in a template.
"""


class JwtAlgorithm(enum.StrEnum):
    """How tokens are signed."""

    RS256 = "RS256"
    """With the environment's RSA key, whose public part everybody can read."""
    HS256 = "HS256"
    """With a shared secret. `AsyncTokenVerifier` refuses such tokens."""


JwtAlgorithmLiteral: TypeAlias = Literal["rs256", "hs256"]
"""The algorithms of `JwtAlgorithm` as text."""


class JwtTemplateSort(enum.StrEnum):
    """What a listing of JWT templates is sorted by."""

    ID = "id"
    """The id."""
    KEY = "key"
    """The key."""
    NAME = "name"
    """The name."""
    CREATED_AT = "createdAt"
    """When it was created."""
    UPDATED_AT = "updatedAt"
    """When it was last changed."""


JwtTemplateSortLiteral: TypeAlias = Literal["id", "key", "name", "createdAt", "updatedAt", "created_at", "updated_at"]
"""The values of `JwtTemplateSort` as text."""


class JwtTemplateAttribute(enum.StrEnum):
    """What a condition of a targeting rule looks at."""

    USER_ID = "userId"
    """The id of the user."""
    APPLICATION_ID = "applicationId"
    """The id of the application that the token is for."""
    TENANT_ID = "tenantId"
    """The id of the tenant that the token is for."""
    ROLE_IDS = "roleIds"
    """The ids of the roles that the token has."""
    TOKEN_TYPE = "tokenType"  # noqa: S105 - no password
    """The claim ``type`` of the token, as ``userToken``."""
    USER_EMAIL = "userEmail"
    """The e-mail address of the user."""


class JwtTemplateOperator(enum.StrEnum):
    """How a condition of a targeting rule compares; one of its values has to agree."""

    IN_LIST = "in_list"
    """It is one of the values."""
    CONTAINS = "contains"
    """It has one of the values in it."""
    ENDS_WITH = "ends_with"
    """It ends with one of the values."""


def _claims(value: object) -> object:
    return cast("Mapping[str, object]", value).get("claims") if isinstance(value, Mapping) else value


def _values(value: object) -> object:
    return cast("Mapping[str, object]", value).get("list") if isinstance(value, Mapping) else value


def _rules(value: object) -> object:
    return (cast("Mapping[str, object]", value).get("rules") or ()) if isinstance(value, Mapping) else value


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class JwtTemplate(Model):
    """A JWT template of an environment."""

    id: str
    """The id of the template."""
    key: str
    """The name by which targeting rules choose it, unique in the environment."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    description: str | None = attrs.field(default=None, repr=False)
    """What it is for; ``None`` if nobody said."""
    expiration: int | None = attrs.field(default=None, repr=False)
    """The lifetime of the tokens, in seconds."""
    algorithm: JwtAlgorithm | str | None = attrs.field(default=None, repr=False)
    """How the tokens are signed; text for an algorithm that this version does not know."""
    claims: Mapping[str, JsonValue] = attrs.field(
        factory=dict[str, JsonValue], repr=False, hash=False, metadata={WIRE_NAME: "templateSchema", READ: _claims}
    )
    """The claims of the tokens. Text in them may have variables, as ``{{user.email}}``."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class JwtTemplateCondition(Model):
    """A condition of a targeting rule."""

    attribute: JwtTemplateAttribute | str
    """What it looks at."""
    op: JwtTemplateOperator | str
    """How it compares."""
    values: tuple[str, ...] = attrs.field(metadata={WIRE_NAME: "value", READ: _values})
    """What it compares with, one of which has to agree."""
    negate: bool = False
    """Whether it holds where none agrees."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class JwtTemplateRule(Model):
    """A targeting rule: tokens for which all of its conditions hold get its template."""

    template_key: str = attrs.field(metadata={WIRE_NAME: "treatment"})
    """The key of the template."""
    conditions: tuple[JwtTemplateCondition, ...]
    """The conditions, all of which must hold."""
    condition_logic: str = attrs.field(default="and", repr=False)
    """How conditions are combined: ``and`` is all that the service knows."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class JwtTemplateTargeting(Model):
    """Which tokens get which template: the first rule that holds counts. An environment has one at most."""

    id: str
    """The id, by which it is deleted."""
    rules: tuple[JwtTemplateRule, ...] = attrs.field(default=(), metadata={WIRE_NAME: "targeting", READ: _rules})
    """The rules, in the order in which they are tried."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateSchema(Value):
    """The claims of a JWT template, as they are sent."""

    claims: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateCreate(Value):
    """The fields of a new JWT template. ``None`` is not sent."""

    key: str
    name: str
    description: str | None = attrs.field(default=None, repr=False)
    expiration: int | float
    algorithm: JwtAlgorithm
    template_schema: JwtTemplateSchema = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateUpdate(Value):
    """The fields of a JWT template to change. What is `UNSET` is not sent."""

    key: str | Unset = UNSET
    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    expiration: int | float | Unset = UNSET
    algorithm: JwtAlgorithm | Unset = UNSET
    template_schema: JwtTemplateSchema | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateValues(Value):
    """The values of a condition, as they are sent."""

    list: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateConditionWrite(Value):
    """A condition of a targeting rule, as it is sent."""

    attribute: JwtTemplateAttribute
    op: JwtTemplateOperator
    value: JwtTemplateValues
    negate: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateRuleWrite(Value):
    """A targeting rule, as it is sent."""

    condition_logic: str
    conditions: tuple[JwtTemplateConditionWrite, ...]
    treatment: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateTargetingUpdate(Value):
    """The targeting rules, which replace those that there are."""

    rules: tuple[JwtTemplateRuleWrite, ...]
