"""`TenantTable`: the tenants of an environment. Each tenant is stored as the JSON text for responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs
import msgspec

from frontegg_async.emulator.store.tenant_rows import StoredTenant, TenantRow

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(TenantRow).decode


class TenantLabel(msgspec.Struct, rename="camel", frozen=True, gc=False):
    """The fields of a tenant that sorting and filtering need.

    Decoding these alone is faster than decoding all fields.
    """

    tenant_id: str
    name: str
    created_at: str


_decode_stored: Final = msgspec.json.Decoder(StoredTenant).decode
_decode_label: Final = msgspec.json.Decoder(TenantLabel).decode


@attrs.define
class TenantTable(Mapping[str, TenantRow]):
    """The tenants by their ids, oldest first.

    A tenant is decoded only when it is looked up. So a million tenants need no more memory than their texts, and a
    page is joined from texts instead of being encoded. Only `State` may change the table, since it also updates
    indexes.
    """

    _texts: dict[str, bytes] = attrs.field(factory=dict[str, bytes])

    def __getitem__(self, tenant_id: str) -> TenantRow:
        return _decode(self._texts[tenant_id])

    def __contains__(self, tenant_id: object) -> bool:
        return tenant_id in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, tenant_id: str) -> bytes | None:
        """Return the JSON text of a tenant, or ``None`` if no tenant has the id."""
        return self._texts.get(tenant_id)

    def texts(self, tenant_ids: Iterable[str]) -> list[bytes]:
        """Return the JSON texts of existing tenants."""
        return list(map(self._texts.__getitem__, tenant_ids))

    def label(self, tenant_id: str) -> TenantLabel:
        """Return the fields of a tenant that sorting and filtering need."""
        return _decode_label(self._texts[tenant_id])

    def labels(self, tenant_ids: Iterable[str]) -> Iterator[TenantLabel]:
        """Yield the fields of existing tenants that sorting and filtering need."""
        return map(_decode_label, map(self._texts.__getitem__, tenant_ids))

    def stored(self, tenant_id: str, parent_id: str | None) -> StoredTenant:
        """Return a tenant together with the id of its parent."""
        stored = _decode_stored(self._texts[tenant_id])
        return stored if parent_id is None else msgspec.structs.replace(stored, parent_tenant_id=parent_id)

    def put(self, row: TenantRow) -> None:
        """Store a new or changed tenant."""
        self._texts[row.tenant_id] = _encode(row)

    def add(self, texts: Mapping[str, bytes]) -> None:
        """Store tenants, given as JSON texts."""
        self._texts.update(texts)

    def remove(self, tenant_id: str) -> None:
        """Remove a tenant."""
        del self._texts[tenant_id]

    def copy(self) -> TenantTable:
        """Return a copy that shares the texts."""
        return TenantTable(self._texts.copy())

    def container(self) -> dict[str, bytes]:
        """Return the large container of the texts, so that it can be freed in small steps."""
        return self._texts
