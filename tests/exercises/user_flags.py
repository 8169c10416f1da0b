"""Exercises of flags of users, of temporary users, and of links of users."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import Exercise, bad, forbidden, good, member, refused

_ACME: Final = {"frontegg-tenant-id": "acme"}


def _of_user(name: str, **given: Any) -> Iterator[Exercise]:
    """Yield the exercises of an operation that takes a user."""

    def call(user_id: str) -> Callable[[Any], Any]:
        return lambda s: member(s.frontegg, name)(user_id, **given)

    yield good(name, call("ann"))
    yield refused(name, 404, call("nobody"))
    yield bad(name, "user_id", call(".."))


def _of_member(name: str, **given: Any) -> Iterator[Exercise]:
    """Yield the exercises of an operation that takes a user of a tenant."""

    def own(s: Any) -> Any:
        return member(s.user, name)("ann", **given)

    yield from _of_user(name, tenant_id="acme", **given)
    yield bad(name, "another operation", lambda s: member(s.frontegg, name)("configuration", tenant_id="acme", **given))
    yield good(name, own, "user")
    yield forbidden(name, own)


EXERCISES: Final = (
    *_of_user("users.set_invisible", invisible=True),
    bad("users.set_invisible", "True or False", lambda s: s.frontegg.users.set_invisible("ann", invisible="no")),
    *_of_user("users.set_superuser", super_user=True),
    bad("users.set_superuser", "True or False", lambda s: s.frontegg.users.set_superuser("ann", super_user=1)),
    *_of_member("users.set_expiration", expiration_in_seconds=300),
    bad(
        "users.set_expiration",
        "expiration_in_seconds",
        lambda s: s.frontegg.users.set_expiration("ann", tenant_id="acme", expiration_in_seconds=299),
    ),
    *_of_member("users.make_permanent"),
    good("users.get_temporary_config", lambda s: s.frontegg.users.get_temporary_config()),
    good("users.get_temporary_config", lambda s: s.user.users.get_temporary_config(), "user"),
    good("users.set_temporary_config", lambda s: s.frontegg.users.set_temporary_config(enabled=False)),
    bad("users.set_temporary_config", "enabled", lambda s: s.frontegg.users.set_temporary_config(enabled=0)),
    *_of_user("users.unenroll_mfa"),
    refused("users.unenroll_mfa", 400, lambda s: s.frontegg.users.unenroll_mfa("bob")),
    *_of_user("users.generate_activation_link"),
    *_of_user("users.generate_password_reset_link"),
)

CASES: Final = (
    case("users.set_invisible", 200, "ann", body={"invisible": True}),
    case("users.set_invisible", 404, "nobody", body={"invisible": True}),
    case("users.set_superuser", 200, "ann", body={"superUser": True}),
    case("users.set_superuser", 404, "nobody", body={"superUser": False}),
    case("users.set_expiration", 201, "ann", headers=_ACME, body={"expirationInSeconds": 300}),
    case("users.set_expiration", 400, "ann", headers=_ACME, body={"expirationInSeconds": 299}),
    case("users.set_expiration", 404, "nobody", headers=_ACME, body={"expirationInSeconds": 300}),
    case("users.make_permanent", 200, "ann", headers=_ACME),
    case("users.make_permanent", 404, "nobody", headers=_ACME),
    case("users.get_temporary_config", 200),
    case("users.get_temporary_config", 403, token="bare"),
    case("users.set_temporary_config", 200, body={"enabled": False}),
    case("users.unenroll_mfa", 200, "ann"),
    case("users.unenroll_mfa", 400, "plain"),
    case("users.unenroll_mfa", 404, "nobody"),
    case("users.generate_activation_link", 201, "ann"),
    case("users.generate_activation_link", 404, "nobody"),
    case("users.generate_password_reset_link", 201, "ann"),
    case("users.generate_password_reset_link", 404, "nobody"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
