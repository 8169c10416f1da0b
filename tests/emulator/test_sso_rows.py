"""SSO rows of snapshots and files: invalid ones are refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pytest

from frontegg_async.emulator.services.sso.rows import SsoConfigurationRow, SsoDomainRow, SsoGroupRow
from frontegg_async.emulator.store.integrity import check_records
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.store.tenant_rows import StoredTenant

NOW: Final = "2024-01-31T12:00:00.000Z"


def tenant(tenant_id: str) -> StoredTenant:
    return StoredTenant(
        id=tenant_id, vendor_id="v", tenant_id=tenant_id, name=tenant_id, created_at=NOW, updated_at=NOW
    )


def configuration(
    tenant_id: str = "acme", created_at: str = NOW, updated_at: str = NOW, metadata: object = None
) -> SsoConfigurationRow:
    return SsoConfigurationRow(
        id="c1",
        tenant_id=tenant_id,
        type="saml",
        created_at=created_at,
        updated_at=updated_at,
        generated_verification="v",
        config_metadata=metadata,
    )


def domain(tenant_id: str = "acme", owner: str = "c1", created_at: str = NOW) -> SsoDomainRow:
    return SsoDomainRow(
        id="d1",
        tenant_id=tenant_id,
        sso_config_id=owner,
        created_at=created_at,
        domain="acme.example",
        validated=False,
        txt_record="t",
    )


def group(owner: str) -> SsoGroupRow:
    return SsoGroupRow(id="g1", tenant_id="acme", sso_config_id=owner, created_at=NOW, group="g", role_ids=())


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def test_what_holds_together_is_taken() -> None:
    """In any order."""
    check_records([domain(), group("c1"), tenant("acme"), configuration()])


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([configuration(tenant_id="")], "an SSO configuration must have a tenant"),
        ([configuration(tenant_id="gone")], "tenant 'gone' does not exist"),
        ([configuration(created_at="yesterday")], "'yesterday' is not a time"),
        ([configuration(updated_at="")], "'' is not a time"),
        ([configuration(metadata=nested(501))], "nested too deeply"),
        ([configuration(), configuration()], "'c1' exists twice"),
        ([configuration(), domain(created_at="now")], "'now' is not a time"),
        ([configuration(), domain(tenant_id="other")], "the tenant has no SSO configuration 'c1'"),
        ([configuration(), group("c2")], "the tenant has no SSO configuration 'c2'"),
    ],
)
def test_what_does_not_is_refused(rows: Iterable[TableRow], text: str) -> None:
    """The message names the row and says why."""
    with pytest.raises(ValueError, match=text):
        check_records([tenant("acme"), tenant("other"), *rows])
