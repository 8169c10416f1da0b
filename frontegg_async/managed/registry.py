"""All kinds of managed objects, by part."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from frontegg_async.managed.applications import Applications
from frontegg_async.managed.feature_flags import FeatureFlags
from frontegg_async.managed.feature_plans import FeaturePlans
from frontegg_async.managed.features import Features
from frontegg_async.managed.hooks import Prehooks, Webhooks
from frontegg_async.managed.jwt_template_targeting import JwtTemplateTargeting
from frontegg_async.managed.jwt_templates import JwtTemplates
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.permission_categories import PermissionCategories
from frontegg_async.managed.permissions import Permissions
from frontegg_async.managed.policies import Policies
from frontegg_async.managed.roles import Roles
from frontegg_async.managed.sso import Sso
from frontegg_async.managed.sso_settings import SsoSettings
from frontegg_async.managed.users import Users

_OF_ENVIRONMENT: Final = (
    PermissionCategories(),
    Permissions(),
    Roles(),
    Applications(),
    JwtTemplates(),
    JwtTemplateTargeting(),
    Webhooks(),
    Prehooks(),
    SsoSettings(),
    Features(),
    FeaturePlans(),
    FeatureFlags(),
)
_OF_ACCOUNT: Final = (Users(), Policies(), Sso())

ENVIRONMENT: Final[Mapping[str, ObjectKind]] = MappingProxyType({kind.part: kind for kind in _OF_ENVIRONMENT})
"""The parts of an environment file, in the order of writing. A part refers to earlier parts only."""

ACCOUNT: Final[Mapping[str, ObjectKind]] = MappingProxyType({kind.part: kind for kind in _OF_ACCOUNT})
"""The parts of an account that have objects, in the order of writing."""

KINDS: Final[Mapping[str, ObjectKind]] = MappingProxyType({**ENVIRONMENT, **ACCOUNT})
