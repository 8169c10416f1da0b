"""Helpers for tests of SSO over HTTP."""

from __future__ import annotations

from typing import Any, Final

import attrs

from tests.emulator.support import Response, Service

BASE: Final = "/team/resources/sso/v1/configurations"
BASE_V2: Final = "/team/resources/sso/v2/configurations"
SAML: Final = "/team/resources/sso/v1/saml/configurations"
OIDC: Final = "/team/resources/sso/v1/oidc/configurations"
EVERYTHING: Final = "fe.secure.*"


@attrs.frozen
class Caller:
    """A caller about one tenant: an environment token with the tenant header, or a user token."""

    service: Service
    tenant_id: str
    user_token: str | None = None

    async def send(self, method: str, path: str = "", body: Any = None, *, base: str = BASE) -> Response:
        """Send a request below the configurations."""
        headers = {"frontegg-tenant-id": self.tenant_id}
        if self.user_token is not None:
            headers = {"Authorization": f"Bearer {self.user_token}"}
        return await self.service.send(method, base + path, body, headers=headers)

    async def configuration(self, **fields: Any) -> Any:
        """Create a configuration."""
        created = await self.send("POST", "", fields)
        assert created.status == 201, created.raw
        return created.json

    async def one(self, configuration_id: str) -> Any:
        """Read a configuration from the list."""
        listed = await self.send("GET")
        return next(each for each in listed.json if each["id"] == configuration_id)

    async def domain(self, configuration_id: str, name: str) -> Any:
        """Add a domain."""
        created = await self.send("POST", f"/{configuration_id}/domains", {"domain": name})
        assert created.status == 201, created.raw
        return created.json

    async def group(self, configuration_id: str, name: str, *role_ids: str) -> Any:
        """Add a group."""
        created = await self.send("POST", f"/{configuration_id}/groups", {"group": name, "roleIds": role_ids})
        assert created.status == 201, created.raw
        return created.json


async def vendor(service: Service, tenant_id: str) -> Caller:
    """Create a tenant and return an environment's caller about it."""
    assert (await service.create(tenant_id)).status == 201
    return Caller(service, tenant_id)


async def user(service: Service, tenant_id: str, *permissions: str, email: str = "ann@acme.example") -> Caller:
    """Return a user of a tenant."""
    token = await service.emulator.user_token(tenant_id=tenant_id, email=email, permissions=permissions)
    return Caller(service, tenant_id, token.access_token)


async def switch(service: Service, **values: str | int) -> None:
    """Set switches."""
    for name, value in values.items():
        await service.emulator.set_switch(name, value)


async def policy(service: Service, *active: str) -> None:
    """Set how domains are validated."""
    names = ("allowVerifiedUsersToAddDomains", "skipDomainVerification", "bypassDomainCrossValidation")
    body = {name: name in active for name in names}
    assert (await service.send("PUT", f"{BASE}/domains", body)).status == 201
