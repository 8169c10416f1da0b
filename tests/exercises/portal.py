"""Requests that only the portal sends, with the token of a user: no method of the clients makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.emulator.cases import Case, case
from tests.exercises.exercise import Exercise

EXERCISES: Final[tuple[Exercise, ...]] = ()

_URL: Final = {"url": "https://idp.example/metadata", "configMetadata": {"idp": "okta"}}


def _cases() -> Iterator[Case]:
    """Yield a good request of each operation with a permission, and the same without it."""
    rows: tuple[tuple[str, int, tuple[str, ...], dict[str, Any]], ...] = (
        ("team_members.get_stats", 200, (), {}),
        ("team_members.list_roles", 200, (), {}),
        ("team_members.resend_activation", 201, ("ann",), {}),
        ("user_sessions.revoke", 201, (), {"body": {"userId": "ann"}}),
        ("scim.count_users", 200, ("scim1",), {}),
        ("sso.create_from_metadata_url", 201, (), {"body": _URL}),
        ("sso.update_from_metadata_url", 200, ("s1",), {"body": _URL}),
        ("sso.domains.validate_v1", 200, ("s1", "d1"), {}),
    )
    for name, status, fields, given in rows:
        yield case(name, status, *fields, token="user", **given)
        yield case(name, 403, *fields, token="bare", **given)


CASES: Final = (
    *_cases(),
    case("team_members.resend_activation", 404, "bob", token="user"),
    case("user_sessions.revoke", 404, body={"userId": "bob"}, token="user"),
    case("user_sessions.get_current", 200, token="user"),
    case("scim.count_users", 404, "none", token="user"),
    case("sso.create_from_metadata_url", 400, body={"url": "metadata.xml"}, token="user"),
    case("sso.update_from_metadata_url", 400, "s1", body={"url": "metadata.xml"}, token="user"),
    case("sso.update_from_metadata_url", 404, "none", body=_URL, token="user"),
    case("sso.domains.validate_v1", 404, "s1", "none", token="user"),
    case("sso.domains.validate_v1", 400, "s1", "d1", token="user", switches={"sso_domain_validation": "refuse"}),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
