"""The body of a write is checked once, before anything is sent: a method and `send` refuse the same bodies alike."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import Endpoint, account_settings, sso, sub_tenants, tenants
from frontegg_async.models.account_settings import TenantSettingsUpdate
from frontegg_async.models.sso_writes import SsoConfigurationCreate, SsoConfigurationUpdate
from frontegg_async.models.sub_tenants import SubTenantCreate
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate

pytestmark = pytest.mark.anyio

_TENANT: Final = {"tenant_id": "t1"}
_CHILD: Final = {"tenant_id": "c1", "parent_tenant_id": "t1", "name": "n"}
_WRITES: Final[dict[str, tuple[Endpoint[Any], type[Any], dict[str, str], dict[str, Any]]]] = {
    "tenants.create": (tenants.CREATE, TenantCreate, {}, {"tenant_id": "t1", "name": "n"}),
    "tenants.update": (tenants.UPDATE, TenantUpdate, _TENANT, {}),
    "sub_tenants.create": (sub_tenants.CREATE, SubTenantCreate, {}, _CHILD),
    "account_settings.update": (account_settings.UPDATE, TenantSettingsUpdate, {}, {}),
    "sso.create": (sso.CREATE, SsoConfigurationCreate, {}, {"type": "saml"}),
    "sso.update": (sso.UPDATE, SsoConfigurationUpdate, {"configuration_id": "s1"}, {}),
}
"""The operation of each method, the model of its body, and the fields of its path and body that are right."""

_SURROGATE: Final = "a lone surrogate, which is not valid Unicode text"


@pytest.mark.parametrize(
    ("write", "bad", "message"),
    [
        ("tenants.create", {"logo": 5}, "logo must be text, not int"),
        ("tenants.create", {"is_reseller": "yes"}, "is_reseller must be True or False, not str"),
        ("tenants.create", {"metadata": {"a": float("nan")}}, "metadata['a'] must be a finite number: JSON has no NaN"),
        ("tenants.update", {"website": b"w"}, "website must be text, not bytes"),
        ("tenants.update", {"address": "\udc80"}, f"address has {_SURROGATE}"),
        ("tenants.update", {"metadata": {"a": {1}}}, "metadata['a'] is of type set, which JSON cannot hold"),
        ("sub_tenants.create", {"logo_url": 5}, "logo_url must be text, not int"),
        ("sub_tenants.create", {"is_reseller": 0}, "is_reseller must be True or False, not int"),
        ("account_settings.update", {"logo": ["l"]}, "logo must be text, not list"),
        ("account_settings.update", {"date_format": "\udc80"}, f"date_format has {_SURROGATE}"),
        ("sso.create", {"enabled": 1}, "enabled must be True or False, not int"),
        ("sso.update", {"sso_endpoint": 5}, "sso_endpoint must be text, not int"),
        ("sso.update", {"oidc_client_id": "\udc80"}, f"oidc_client_id has {_SURROGATE}"),
    ],
)
async def test_a_method_and_send_refuse_the_same_body(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, write: str, bad: dict[str, Any], message: str
) -> None:
    """With the same message, and before a token is fetched."""
    endpoint, model, path, fields = _WRITES[write]
    view = frontegg_client.for_tenant("t1")
    owner, _, method = write.partition(".")
    resource = getattr(frontegg_client if owner.endswith("tenants") else view, owner)
    with pytest.raises(InvalidArgumentError) as by_method:
        await getattr(resource, method)(*path.values(), **fields, **bad)
    of_model = {"tenant_id": "t1"} if owner == "sso" else {}
    with pytest.raises(InvalidArgumentError) as by_send:
        await view.send(endpoint, path=path, body=model(**fields, **bad, **of_model))
    assert by_method.value.message == by_send.value.message
    assert by_send.value.message.startswith(message)
    assert frontegg_emulator.journal() == []
