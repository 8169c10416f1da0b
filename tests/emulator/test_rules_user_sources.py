"""What the emulator does with the applications of user sources."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async import NotFoundError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import user_sources
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


@pytest.mark.parametrize("kind", ["auth0", "cognito", "firebase", "custom-code", "federation"])
def test_a_user_source_is_created_and_changed_by_its_type(frontegg: Frontegg, kind: str) -> None:
    """These operations have no methods. One of another type is not found (assumed)."""
    declared = {each.name: each for each in user_sources.ENDPOINTS}
    name = kind.replace("-", "_")
    body = {"name": "New", "configuration": {"secret": "emu_secret"}, "index": 2, "description": "d"}
    made: Any = frontegg.send(declared[f"user_sources.create_{name}"], body=body).value
    assert (made.type, made.configuration) == (kind, None)
    frontegg.send(declared[f"user_sources.update_{name}"], path={"id": made.id}, body={"index": 3, "description": None})
    found = frontegg.user_sources.get(made.id)
    assert (found.name, found.index, found.description) == ("New", 3, "d")
    assert found.configuration is not None
    other = declared["user_sources.update_cognito" if kind == "auth0" else "user_sources.update_auth0"]
    with pytest.raises(NotFoundError):
        frontegg.send(other, path={"id": made.id}, body={"index": 4})


def test_the_users_of_a_user_source_are_listed(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """Page by page; a user who never signed in has no time."""
    users = [{"email": f"u{place}@a.example"} for place in range(3)]
    users[0]["lastLogin"] = "2026-01-01T00:00:00.000Z"
    frontegg_emulator.seed({"tables": {"userSources": [{**_ROW, "id": "s2", "users": users}]}})
    listed = frontegg.user_sources.list_users("s2", page_size=2).all()
    assert [each.email for each in listed] == ["u0@a.example", "u1@a.example", "u2@a.example"]
    assert [each.last_login is None for each in listed] == [False, True, True]
    assert [each.users_count for each in frontegg.user_sources.list().all()] == [0, 3]
    with pytest.raises(NotFoundError):
        frontegg.user_sources.list_users("none").all()
