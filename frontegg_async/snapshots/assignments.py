"""`READ_ASSIGNED`, the functions that request the assignments of applications and plans to accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async.options import Options
from frontegg_async.snapshots.applications import read_applications
from frontegg_async.snapshots.assigned import Assigned
from frontegg_async.snapshots.plans import read_plans
from frontegg_async.snapshots.rows import APPLICATIONS, PLANS

READ_ASSIGNED: Final[Mapping[str, Callable[[Caller, Options | None], Awaitable[Assigned]]]] = MappingProxyType(
    {APPLICATIONS: read_applications, PLANS: read_plans}
)
"""For each field of rows with assignments, the function that requests the assignments of all accounts."""
