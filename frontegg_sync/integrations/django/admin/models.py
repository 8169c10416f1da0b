"""`Tenant`: the model of tenants for Django's permissions and its admin. It has no table."""

from __future__ import annotations

from django.db import models


class Tenant(models.Model):
    """A tenant of the environment. The admin reads tenants with the client, never from a database."""

    tenant_id: models.CharField[str, str] = models.CharField(primary_key=True, max_length=256)

    class Meta:
        """The options: no migrations, and the two permissions ``view_tenant`` and ``lock_tenant``."""

        managed: bool = False
        default_permissions: tuple[str, ...] = ("view", "lock")

    def __str__(self) -> str:
        return str(self.tenant_id)
