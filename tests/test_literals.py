"""Every parameter that takes an enumeration takes its values as literals too, in the signature and at run time."""

from __future__ import annotations

import enum
import functools
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Final, get_args

import pytest

from frontegg_async import AsyncFrontegg, Auth, ConfigurationError, Endpoint, InvalidArgumentError, Region, Retry
from frontegg_async._core.checks.arguments import check_member, literal_of, texts_of
from frontegg_async.bulk.ledger import RowState, RowStateLiteral
from frontegg_async.endpoints import Evidence, EvidenceLiteral, RetryLiteral
from frontegg_async.models import (
    AccessTokenTypeLiteral,
    ApplicationAccess,
    ApplicationAccessLiteral,
    ApplicationType,
    ApplicationTypeLiteral,
    AuditSeverity,
    AuditSeverityLiteral,
    FrontendStack,
    FrontendStackLiteral,
    GroupRelations,
    GroupRelationsLiteral,
    GroupSort,
    GroupSortLiteral,
    JwtAlgorithm,
    JwtAlgorithmLiteral,
    JwtTemplateSort,
    JwtTemplateSortLiteral,
    MfaEnforcement,
    MfaEnforcementLiteral,
    Order,
    OrderLiteral,
    PermissionAssignment,
    PermissionAssignmentLiteral,
    PrehookFailMethod,
    PrehookFailMethodLiteral,
    RestrictionType,
    RestrictionTypeLiteral,
    RoleSort,
    RoleSortLiteral,
    ScimSource,
    ScimSourceLiteral,
    SsoType,
    SsoTypeLiteral,
    SubAccountAccessType,
    SubAccountAccessTypeLiteral,
    TenantSort,
    TenantSortLiteral,
    TokenType,
    UserIdentifier,
    UserIdentifierLiteral,
    UserPreset,
    UserPresetLiteral,
    UserSort,
    UserSortLiteral,
    UserStatus,
    UserStatusLiteral,
)
from frontegg_async.models.claims import ACCESS_TYPES
from frontegg_async.regions import RegionLiteral

_TEXTS: Final[dict[type[enum.StrEnum], object]] = {
    JwtAlgorithm: JwtAlgorithmLiteral,
    JwtTemplateSort: JwtTemplateSortLiteral,
    ApplicationAccess: ApplicationAccessLiteral,
    ApplicationType: ApplicationTypeLiteral,
    FrontendStack: FrontendStackLiteral,
    GroupRelations: GroupRelationsLiteral,
    GroupSort: GroupSortLiteral,
    Order: OrderLiteral,
    PermissionAssignment: PermissionAssignmentLiteral,
    Region: RegionLiteral,
    RoleSort: RoleSortLiteral,
    RowState: RowStateLiteral,
    AuditSeverity: AuditSeverityLiteral,
    MfaEnforcement: MfaEnforcementLiteral,
    RestrictionType: RestrictionTypeLiteral,
    ScimSource: ScimSourceLiteral,
    SsoType: SsoTypeLiteral,
    SubAccountAccessType: SubAccountAccessTypeLiteral,
    TenantSort: TenantSortLiteral,
    PrehookFailMethod: PrehookFailMethodLiteral,
    UserIdentifier: UserIdentifierLiteral,
    UserPreset: UserPresetLiteral,
    UserSort: UserSortLiteral,
    UserStatus: UserStatusLiteral,
}
_OF_ENDPOINTS: Final[dict[type[enum.Enum], object]] = {Evidence: EvidenceLiteral, Retry: RetryLiteral}
_NOT_AS_TEXT: Final = {Auth: "a combination of flags"}

_MADE_BY_THE_SDK: Final = (
    "frontegg_async.bulk.",
    "frontegg_async.models.migrated_users",
    "frontegg_async.models.offboarding",
    "frontegg_async.models.onboarding",
)

_NAMESPACES: Final = (
    "frontegg_async",
    "frontegg_async.credentials",
    "frontegg_async.emulator",
    "frontegg_async.endpoints",
    "frontegg_async.integrations.aiohttp",
    "frontegg_async.integrations.fastapi",
    "frontegg_async.bulk",
    "frontegg_async.models",
    "frontegg_async.options",
    "frontegg_async.regions",
    "frontegg_async.resources",
    "frontegg_async.testing",
    "frontegg_sync",
    "frontegg_sync.resources",
)


def _exported() -> Iterator[object]:
    for namespace in _NAMESPACES:
        module = importlib.import_module(namespace)
        yield from (getattr(module, name) for name in module.__all__)


_CLASSES: Final = [each for each in _exported() if isinstance(each, type)]
_ENUMS: Final = {each.__name__: each for each in _CLASSES if issubclass(each, enum.Enum)}


def _parameters() -> Iterator[tuple[str, str]]:
    """Each parameter of public methods and constructors, with its annotation."""
    for kind in {each for each in _CLASSES if not issubclass(each, enum.Enum)}:
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_") or (name == "__init__" and not kind.__module__.startswith(_MADE_BY_THE_SDK)):
                for parameter, hint in method.__annotations__.items():
                    if parameter != "return":
                        yield f"{kind.__module__}.{kind.__name__}.{name}({parameter})", str(hint)


def test_every_parameter_with_an_enumeration_takes_text_too() -> None:
    """Its literals, or any text where the service may know values that this version does not."""
    found = [(place, hint, kind) for place, hint in _parameters() for kind in _ENUMS if re.search(rf"\b{kind}\b", hint)]
    wrong = [
        place
        for place, hint, kind in found
        if _ENUMS[kind] not in _NOT_AS_TEXT and not re.search(r"\bstr\b|Literal\b", hint)
    ]

    assert wrong == []
    seen = {_ENUMS[kind] for _, _, kind in found}
    assert seen >= {*_TEXTS, *_OF_ENDPOINTS, TokenType}


@pytest.mark.parametrize("kind", _TEXTS, ids=lambda kind: kind.__name__)
def test_literals_are_the_texts_of_the_members(kind: type[enum.StrEnum]) -> None:
    """The alias for signatures has the values in order, and then those that differ in snake case."""
    words = tuple(map(literal_of, kind))
    assert get_args(_TEXTS[kind]) == words + tuple(
        member.name.lower() for member in kind if member.name.lower() not in words
    )


@pytest.mark.parametrize("kind", _TEXTS, ids=lambda kind: kind.__name__)
def test_literals_and_values_name_the_member(kind: type[enum.StrEnum]) -> None:
    """A literal, the value on the wire and the member itself; another text is refused with all literals."""
    literals = tuple(map(literal_of, kind))

    assert [check_member(text, kind, "a") for text in literals] == list(kind)
    assert [check_member(member.name.lower(), kind, "a") for member in kind] == list(kind)
    assert {*map(functools.partial(check_member, kind=kind, argument="a"), get_args(_TEXTS[kind]))} == {*kind}
    assert [check_member(member.value, kind, "a") for member in kind] == list(kind)
    assert [check_member(member, kind, "a") for member in kind] == list(kind)
    for wrong in ("", "none", f"{literals[0]}s", 1, None, [literals[0]]):
        with pytest.raises(InvalidArgumentError, match=f"^a must be one of {', '.join(literals)}, not "):
            check_member(wrong, kind, "a")


def test_words_that_the_service_writes_in_capitals_are_lower_case() -> None:
    """Words of several parts are as the service writes them, or in snake case as fields are."""
    assert get_args(OrderLiteral) == ("asc", "desc")
    assert get_args(TenantSortLiteral) == ("createdAt", "name", "tenantId", "created_at", "tenant_id")


def test_a_text_means_one_member_only() -> None:
    for kind in _ENUMS.values():
        if issubclass(kind, enum.StrEnum):
            meanings = [(text, member) for member in kind for text in {member.value, *texts_of(member)}]
            assert len(dict(meanings)) == len(meanings), kind


def test_a_misspelled_word_in_snake_case_is_told() -> None:
    with pytest.raises(InvalidArgumentError, match=r"not 'created_a'; did you mean 'createdAt'\?$"):
        check_member("created_a", TenantSort, "sort_by")


def test_literals_of_access_tokens_are_the_types_that_are_verified() -> None:
    values = {kind.value for kind in ACCESS_TYPES}
    assert set(get_args(AccessTokenTypeLiteral)) == values | {"tenant_access_token", "user_access_token"}


def _endpoint(**values: object) -> Endpoint[object]:
    make: type = Endpoint
    made: Endpoint[object] = make(
        name="a.get", method="POST", path="/a", auth=Auth.ENVIRONMENT, returns=object, **values
    )
    return made


@pytest.mark.parametrize("kind", _OF_ENDPOINTS, ids=lambda kind: kind.__name__)
def test_an_endpoint_takes_literals(kind: type[enum.Enum]) -> None:
    """They become members; another value is refused with all literals."""
    name = kind.__name__.lower()
    literals = get_args(_OF_ENDPOINTS[kind])

    assert literals == tuple(member.value for member in kind)
    assert [getattr(_endpoint(**{name: text}), name) for text in literals] == list(kind)
    assert [getattr(_endpoint(**{name: member}), name) for member in kind] == list(kind)
    for wrong in ("SAFE", "", None, 3, [literals[0]]):
        with pytest.raises(ConfigurationError, match=f"^{name} must be one of {', '.join(literals)}$"):
            _endpoint(**{name: wrong})


@pytest.mark.parametrize("region", get_args(RegionLiteral))
def test_a_client_takes_the_text_of_a_region(region: RegionLiteral) -> None:
    assert AsyncFrontegg("id", "secret", region=region).base_url.region is Region(region)
