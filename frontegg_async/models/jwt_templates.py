"""Models of JWT templates, which define the claims of tokens, and of the rules that choose a template for a token."""

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
"""The claims of tokens to which no template applies. Start a new template with these claims.

Tokens have only the claims of their template and ``type``. The service adds ``type`` itself, and refuses a template
with this claim.
"""


class JwtAlgorithm(enum.StrEnum):
    """The algorithms that sign tokens."""

    RS256 = "RS256"
    """RS256: the RSA key of the environment signs the tokens. Everybody can get the public key."""
    HS256 = "HS256"
    """HS256: a shared secret signs the tokens. `AsyncTokenVerifier` refuses these tokens."""


JwtAlgorithmLiteral: TypeAlias = Literal["rs256", "hs256"]
"""The algorithms of `JwtAlgorithm` as text."""


class JwtTemplateSort(enum.StrEnum):
    """The fields that sort a listing of JWT templates."""

    ID = "id"
    """The id."""
    KEY = "key"
    """The key."""
    NAME = "name"
    """The name."""
    CREATED_AT = "createdAt"
    """The time of creation."""
    UPDATED_AT = "updatedAt"
    """The time of the last change."""


JwtTemplateSortLiteral: TypeAlias = Literal["id", "key", "name", "createdAt", "updatedAt", "created_at", "updated_at"]
"""The values of `JwtTemplateSort` as text."""


class JwtTemplateAttribute(enum.StrEnum):
    """The attributes of a token that conditions of targeting rules compare."""

    USER_ID = "userId"
    """The id of the user."""
    APPLICATION_ID = "applicationId"
    """The id of the application that the token is for."""
    TENANT_ID = "tenantId"
    """The id of the tenant that the token is for."""
    ROLE_IDS = "roleIds"
    """The ids of the roles that the token has."""
    TOKEN_TYPE = "tokenType"  # noqa: S105 - no password
    """The claim ``type`` of the token, such as ``userToken``."""
    USER_EMAIL = "userEmail"
    """The e-mail address of the user."""


class JwtTemplateOperator(enum.StrEnum):
    """The comparisons of conditions.

    A condition is true if the comparison is true for at least one value of the condition.
    """

    IN_LIST = "in_list"
    """The attribute is one of the values."""
    CONTAINS = "contains"
    """The attribute contains one of the values."""
    ENDS_WITH = "ends_with"
    """The attribute ends with one of the values."""


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
    """The key with which targeting rules choose the template, unique in the environment."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    description: str | None = attrs.field(default=None, repr=False)
    """The purpose of the template; ``None`` without a description."""
    expiration: int | None = attrs.field(default=None, repr=False)
    """The lifetime of the tokens, in seconds."""
    algorithm: JwtAlgorithm | str | None = attrs.field(default=None, repr=False)
    """The algorithm that signs the tokens. A value that this version does not know is plain text."""
    claims: Mapping[str, JsonValue] = attrs.field(
        factory=dict[str, JsonValue], repr=False, hash=False, metadata={WIRE_NAME: "templateSchema", READ: _claims}
    )
    """The claims of the tokens. Their texts may have variables, such as ``{{user.email}}``."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class JwtTemplateCondition(Model):
    """A condition of a targeting rule."""

    attribute: JwtTemplateAttribute | str
    """The attribute that the condition compares."""
    op: JwtTemplateOperator | str
    """The comparison."""
    values: tuple[str, ...] = attrs.field(metadata={WIRE_NAME: "value", READ: _values})
    """The values with which the attribute is compared. The comparison must be true for at least one value."""
    negate: bool = False
    """Whether the condition is negated. A negated condition is true if the comparison is false for all values."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class JwtTemplateRule(Model):
    """A targeting rule, which assigns a template to tokens. All conditions of the rule must be true for a token."""

    template_key: str = attrs.field(metadata={WIRE_NAME: "treatment"})
    """The key of the template."""
    conditions: tuple[JwtTemplateCondition, ...]
    """The conditions, all of which must be true."""
    condition_logic: str = attrs.field(default="and", repr=False)
    """The operator that combines the conditions. The service accepts only ``and``."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class JwtTemplateTargeting(Model):
    """The set of targeting rules of an environment. The first rule whose conditions are true chooses the template.

    An environment has at most one set.
    """

    id: str
    """The id of the set, with which you delete it."""
    rules: tuple[JwtTemplateRule, ...] = attrs.field(default=(), metadata={WIRE_NAME: "targeting", READ: _rules})
    """The rules, in the order in which the service tries them."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateSchema(Value):
    """The claims of a JWT template, in the form of the request."""

    claims: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateCreate(Value):
    """The fields of a new JWT template. Fields that are ``None`` are not sent."""

    key: str
    name: str
    description: str | None = attrs.field(default=None, repr=False)
    expiration: int | float
    algorithm: JwtAlgorithm
    template_schema: JwtTemplateSchema = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateUpdate(Value):
    """The fields of a JWT template to change. Fields that are `UNSET` are not sent."""

    key: str | Unset = UNSET
    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    expiration: int | float | Unset = UNSET
    algorithm: JwtAlgorithm | Unset = UNSET
    template_schema: JwtTemplateSchema | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateValues(Value):
    """The values of a condition, in the form of the request."""

    list: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateConditionWrite(Value):
    """A condition of a targeting rule, in the form of the request."""

    attribute: JwtTemplateAttribute
    op: JwtTemplateOperator
    value: JwtTemplateValues
    negate: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateRuleWrite(Value):
    """A targeting rule, in the form of the request."""

    condition_logic: str
    conditions: tuple[JwtTemplateConditionWrite, ...]
    treatment: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwtTemplateTargetingUpdate(Value):
    """The targeting rules that replace the present rules."""

    rules: tuple[JwtTemplateRuleWrite, ...]
