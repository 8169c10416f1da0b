"""The pytest plugin: an emulator for the whole run, an environment of its own for each test, and a guard.

It is found by pytest where the package is installed. Nothing of the SDK is imported or started before a test asks for
one of the fixtures. Tests may run in parallel: environments do not see each other, and each process has an emulator.
The guard fails tests that reach for the real service; the marker and the setting ``frontegg_live`` allow it.
"""

from frontegg_async.testing.fixtures import (
    frontegg_client,
    frontegg_clock,
    frontegg_emulator,
    frontegg_emulator_server,
    frontegg_factory,
    frontegg_faults,
    frontegg_seeded_user,
    frontegg_sync_client,
    frontegg_sync_user,
    frontegg_user,
)
from frontegg_async.testing.guard import ForbiddenHostError, pytest_addoption, pytest_configure

__all__ = [
    "ForbiddenHostError",
    "frontegg_client",
    "frontegg_clock",
    "frontegg_emulator",
    "frontegg_emulator_server",
    "frontegg_factory",
    "frontegg_faults",
    "frontegg_seeded_user",
    "frontegg_sync_client",
    "frontegg_sync_user",
    "frontegg_user",
    "pytest_addoption",
    "pytest_configure",
]
