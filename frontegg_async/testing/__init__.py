"""The pytest plugin: one emulator per process, one environment per test, and a guard against the real service.

Pytest loads the plugin in each Python environment in which the package is installed. The plugin imports the SDK and
starts the emulator only when a test uses one of the fixtures. Tests may run in parallel: environments are isolated, and
each process has its own emulator. The guard fails tests that try to reach the real service. The marker
``frontegg_live`` allows one test to reach the real service. The setting ``frontegg_live`` allows all tests of a run to
reach it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from frontegg_async.testing.fixtures import (
    frontegg_access_token_verifier,
    frontegg_client,
    frontegg_clock,
    frontegg_django,
    frontegg_emulator,
    frontegg_emulator_server,
    frontegg_environ,
    frontegg_factory,
    frontegg_faults,
    frontegg_post_event,
    frontegg_seeded_user,
    frontegg_sync_access_token_verifier,
    frontegg_sync_client,
    frontegg_sync_user,
    frontegg_sync_verifier,
    frontegg_user,
    frontegg_verifier,
)
from frontegg_async.testing.guard import ForbiddenHostError, pytest_addoption, pytest_configure
from frontegg_async.testing.module_fixtures import (
    frontegg_module_access_token_verifier,
    frontegg_module_client,
    frontegg_module_clock,
    frontegg_module_django,
    frontegg_module_emulator,
    frontegg_module_environ,
    frontegg_module_factory,
    frontegg_module_faults,
    frontegg_module_post_event,
    frontegg_module_seeded_user,
    frontegg_module_sync_access_token_verifier,
    frontegg_module_sync_client,
    frontegg_module_sync_user,
    frontegg_module_sync_verifier,
    frontegg_module_user,
    frontegg_module_verifier,
)
from frontegg_async.testing.session_fixtures import (
    frontegg_session_access_token_verifier,
    frontegg_session_client,
    frontegg_session_clock,
    frontegg_session_django,
    frontegg_session_emulator,
    frontegg_session_environ,
    frontegg_session_factory,
    frontegg_session_faults,
    frontegg_session_post_event,
    frontegg_session_seeded_user,
    frontegg_session_sync_access_token_verifier,
    frontegg_session_sync_client,
    frontegg_session_sync_user,
    frontegg_session_sync_verifier,
    frontegg_session_user,
    frontegg_session_verifier,
)

if TYPE_CHECKING:
    from frontegg_async.testing.clock import EmulatorClock, FrozenClock
    from frontegg_async.testing.events import PostEvent
    from frontegg_async.testing.factory import Factory, SeededUser, TreeShape
    from frontegg_async.testing.faults import ActiveFault, EmulatorFaults

__all__ = [
    "ActiveFault",
    "EmulatorClock",
    "EmulatorFaults",
    "Factory",
    "ForbiddenHostError",
    "FrozenClock",
    "PostEvent",
    "SeededUser",
    "TreeShape",
    "frontegg_access_token_verifier",
    "frontegg_client",
    "frontegg_clock",
    "frontegg_django",
    "frontegg_emulator",
    "frontegg_emulator_server",
    "frontegg_environ",
    "frontegg_factory",
    "frontegg_faults",
    "frontegg_module_access_token_verifier",
    "frontegg_module_client",
    "frontegg_module_clock",
    "frontegg_module_django",
    "frontegg_module_emulator",
    "frontegg_module_environ",
    "frontegg_module_factory",
    "frontegg_module_faults",
    "frontegg_module_post_event",
    "frontegg_module_seeded_user",
    "frontegg_module_sync_access_token_verifier",
    "frontegg_module_sync_client",
    "frontegg_module_sync_user",
    "frontegg_module_sync_verifier",
    "frontegg_module_user",
    "frontegg_module_verifier",
    "frontegg_post_event",
    "frontegg_seeded_user",
    "frontegg_session_access_token_verifier",
    "frontegg_session_client",
    "frontegg_session_clock",
    "frontegg_session_django",
    "frontegg_session_emulator",
    "frontegg_session_environ",
    "frontegg_session_factory",
    "frontegg_session_faults",
    "frontegg_session_post_event",
    "frontegg_session_seeded_user",
    "frontegg_session_sync_access_token_verifier",
    "frontegg_session_sync_client",
    "frontegg_session_sync_user",
    "frontegg_session_sync_verifier",
    "frontegg_session_user",
    "frontegg_session_verifier",
    "frontegg_sync_access_token_verifier",
    "frontegg_sync_client",
    "frontegg_sync_user",
    "frontegg_sync_verifier",
    "frontegg_user",
    "frontegg_verifier",
    "pytest_addoption",
    "pytest_configure",
]

_LAZY: Final = {
    "ActiveFault": "frontegg_async.testing.faults",
    "EmulatorClock": "frontegg_async.testing.clock",
    "EmulatorFaults": "frontegg_async.testing.faults",
    "Factory": "frontegg_async.testing.factory",
    "FrozenClock": "frontegg_async.testing.clock",
    "PostEvent": "frontegg_async.testing.events",
    "SeededUser": "frontegg_async.testing.factory",
    "TreeShape": "frontegg_async.testing.factory",
}
"""The types that the fixtures return, for annotations. The module of a type is imported when the type is first used."""


def __getattr__(name: str) -> object:
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(module), name)
    return value
