"""All kinds of managed objects, by their parts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.roles import Roles

ENVIRONMENT: Final[Mapping[str, ObjectKind]] = MappingProxyType({kind.part: kind for kind in (Roles(),)})
"""The parts of an environment file, in the order in which they are written: a part refers to earlier ones only."""

ACCOUNT: Final[Mapping[str, ObjectKind]] = MappingProxyType({})
"""The parts of an account that have objects, in the order in which they are written."""

KINDS: Final[Mapping[str, ObjectKind]] = MappingProxyType({**ENVIRONMENT, **ACCOUNT})
