"""Only the service itself says that something is absent: a 404 of a proxy tells nothing, nor does an empty object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, DecodeError, NotFoundError, Outcome, OutcomeUnknownError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import DEFAULT_JWT_CLAIMS
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, Answer, http, raw_server

pytestmark = pytest.mark.anyio

EMPTY: Final = http(404, raw=b"")
OF_PROXIES: Final = (
    EMPTY,
    http(404, raw=b"<html>404 Not Found</html>", headers={"Content-Type": "text/html"}),
    http(404, {"message": "no Route matched with those values"}),
    http(404, {"statusCode": 404, "error": "Not Found", "message": "Cannot GET /x"}),
    http(404, {"errors": ["This account/tenant is not assigned"], "errorCode": "ER-01008"}),
)
WITHOUT_OBJECT: Final = (http(200, {}), http(200, []), http(200, raw=b"null"))
ABSENT: Final = http(404, {"errors": ["not found"]})

POLICIES: Final[dict[str, dict[str, Any]]] = {
    "mfa": {"enforce": "DontForce", "all_applications": False},
    "password": {"min_length": 14},
    "sessions": {"idle": 1000},
    "password_rotation": {"rotation_period_minutes": 50_000},
    "password_history": {"history_size": 5},
    "lockout": {"max_attempts": 5},
    "ip_restrictions": {"mode": "allow"},
    "email_domains": {"enabled": True},
}


@pytest.mark.parametrize("answer", [*OF_PROXIES, *WITHOUT_OBJECT])
async def test_a_policy_that_is_not_shown_is_not_completed(answer: Answer) -> None:
    """What was not given would be lost: the read has failed, and nothing is sent."""
    async with raw_server(answer) as server, make_client(server.url) as client:
        for name, given in POLICIES.items():
            policy: Any = getattr(client.security, name)
            read, write = (getattr(policy, each, None) for each in ("get_config", "set_config"))
            kinds = (NotFoundError,) if answer in OF_PROXIES else (DecodeError,)
            with pytest.raises(kinds):
                await (read or policy.get)("acme")
            with pytest.raises(kinds) as failed:
                await (write or policy.set)("acme", **given)
            assert failed.value.outcome is Outcome.NOT_SENT
    assert {request.method for request in server.requests} == {"GET"}


@pytest.mark.parametrize("answer", OF_PROXIES)
async def test_a_removal_is_not_done_because_a_proxy_knows_no_parents(answer: Answer) -> None:
    """Neither by a 404 to the read of the parents, nor of what is below the parent."""
    for script in ((CLOSE, answer), (CLOSE, http(200, []), answer)):
        async with raw_server(*script) as server, make_client(server.url) as client:
            with pytest.raises(OutcomeUnknownError):
                await client.hierarchy.unassign("child", "parent")


async def test_a_removal_is_not_done_because_a_list_of_parents_is_empty() -> None:
    """The parent still shows the child, so that the removal is sent again."""
    below = http(200, [{"tenantId": "child", "level": 1}])
    async with raw_server(CLOSE, http(200, []), below, http(200)) as server, make_client(server.url) as client:
        await client.hierarchy.unassign("child", "parent")
    assert [request.method for request in server.requests] == ["DELETE", "GET", "GET", "DELETE"]


async def test_a_removal_is_done_if_the_parent_is_gone() -> None:
    """The service says so itself."""
    async with raw_server(CLOSE, http(200, []), ABSENT) as server, make_client(server.url) as client:
        await client.hierarchy.unassign("child", "parent")


@pytest.mark.parametrize("answer", [*OF_PROXIES, ABSENT])
async def test_a_key_that_is_there_was_not_removed(answer: Answer) -> None:
    """Whatever the repeated request returns."""
    tenant = http(200, {"tenantId": "acme", "name": "Acme", "metadata": '{"pii": 1}'})
    async with raw_server(CLOSE, answer, tenant) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError, match="still has the key"):
            await client.tenants.delete_metadata("acme", "pii")


@pytest.mark.parametrize("answer", OF_PROXIES)
async def test_a_tenant_that_a_proxy_does_not_find_is_not_created(answer: Answer) -> None:
    """Nor is it one that is not there, when a user looks for it."""
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError) as failed:
            await client.tenants.ensure("acme", name="Acme")
    assert ([each.method for each in server.requests], failed.value.outcome) == (["GET"], Outcome.REFUSED)


Creation = Callable[[AsyncFrontegg, dict[str, str]], Awaitable[object]]

CREATIONS: Final[dict[str, Creation]] = {
    "users.invite": lambda c, _: c.users.invite("acme", email="bob@acme.example", name="Bob"),
    "users.add_to_tenant": lambda c, ids: c.users.add_to_tenant(ids["user"], tenant_id="other"),
    "roles.create": lambda c, _: c.roles.create(key="r", name="R", level=5),
    "roles.create_derived": lambda c, ids: c.roles.create_derived(
        "acme", key="d", name="D", base_role_id=ids["role"], permission_ids=[ids["permission"]]
    ),
    "permissions.create": lambda c, _: c.permissions.create(key="p.one", name="P"),
    "groups.create": lambda c, _: c.groups.create("acme", name="G"),
    "webhooks.create": lambda c, _: c.webhooks.create(
        "acme", url="https://hooks.example/h", secret="s", event_keys=["frontegg.user.updated"]
    ),
    "prehooks.create": lambda c, _: c.prehooks.create(
        url="https://hooks.example/p", secret="s", event_keys=["SEND_SMS"], fail_method="open"
    ),
    "jwt_templates.create": lambda c, _: c.jwt_templates.create(
        key="j", name="J", claims=DEFAULT_JWT_CLAIMS, expiration=600
    ),
    "applications.assign": lambda c, ids: c.applications.assign("acme", ids["app"]),
    "email_domains.create": lambda c, _: c.security.email_domains.create("acme", domain="acme.example", mode="allow"),
}


@pytest.mark.parametrize("creation", CREATIONS.values(), ids=list(CREATIONS))
async def test_what_was_there_before_was_not_created(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, creation: Creation
) -> None:
    """The look before the first request is answered by a proxy, and the request is lost."""
    emulator, client = frontegg_emulator, frontegg_client
    emulator.seed(
        tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}],
        users=[{"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}],
    )
    app = await client.applications.create(name="A", app_url="https://a.example", login_url="https://a.example")
    base = await client.roles.create(key="base", name="Base", level=6)
    permission = await client.permissions.create(key="p.base", name="B")
    await client.roles.set_permissions(base.id, permission_ids=[permission.id])
    ids = {"user": "ann", "app": app.id, "role": base.id, "permission": permission.id}
    await creation(client, ids)
    html = {"type": "status", "status": 404, "body": "<html>", "headers": {"content-type": "text/html"}}
    emulator.add_fault(stage="accept", action=html, match={"method": "GET", "times": 1})
    emulator.add_fault(stage="accept", action={"type": "close"}, match={"method": "POST", "times": 1})
    with pytest.raises(OutcomeUnknownError):
        await creation(client, ids)
