"""What the emulator does with the applications of user sources."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg

_ROW: Final[Any] = {"id": "s1", "name": "S", "type": "auth0", "configuration": {}}


@pytest.fixture
def frontegg(frontegg_emulator: EmulatorHandle) -> Frontegg:
    """A client of an environment with a user source."""
    frontegg_emulator.seed({"tables": {"userSources": [_ROW]}})
    return frontegg_emulator.client()


def _application(frontegg: Frontegg, name: str) -> str:
    url = "https://app.example"
    return frontegg.applications.create(name=name, app_url=url, login_url=url).id


def test_applications_are_added_and_taken(frontegg: Frontegg) -> None:
    """Those that it has already, or does not have, are accepted (assumed); the others stay."""
    first, second = _application(frontegg, "First"), _application(frontegg, "Second")
    sources = frontegg.user_sources
    sources.assign_applications("s1", app_ids=[first])
    sources.assign_applications("s1", app_ids=[second, first])
    assert sources.get("s1").app_ids == (first, second)
    for _ in range(2):
        sources.unassign_applications("s1", app_ids=[first, "none"])
        assert sources.get("s1").app_ids == (second,)


def test_an_application_that_is_deleted(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """User sources do not show it any more, and an environment with them can be stored and restored."""
    app_id = _application(frontegg, "App")
    frontegg.user_sources.assign_applications("s1", app_ids=[app_id])
    frontegg.applications.delete(app_id)
    assert [each.app_ids for each in frontegg.user_sources.list()] == [()]
    frontegg_emulator.restore(frontegg_emulator.snapshot())
    assert frontegg.user_sources.get("s1").app_ids == ()


def test_a_configuration_that_is_nested_too_deeply(frontegg_emulator: EmulatorHandle) -> None:
    """A seed with it is refused, as it could not be shown."""
    value: object = None
    for _ in range(600):
        value = {"deeper": value}
    with pytest.raises(ValueError, match="nested too deeply"):
        frontegg_emulator.seed({"tables": {"userSources": [{**_ROW, "configuration": {"extra": value}}]}})
