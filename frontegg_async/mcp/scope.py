"""`Scope`: the accounts that a session may see."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import attrs

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.worker_threads import load_in_thread
from frontegg_async._values.flags import check_flag
from frontegg_async.endpoints import hierarchy
from frontegg_async.errors import ConfigurationError, InvalidArgumentError
from frontegg_async.mcp.escaping import quoted
from frontegg_async.mcp.refusals import RefusedError

if TYPE_CHECKING:
    from frontegg_async._core.call.caller import Caller


@attrs.frozen
class Scope:
    """An account, an account with all accounts below it, or every account of the environment.

    Raises:
        ConfigurationError: The id of the account is not allowed, or ``below`` is set without an account.
    """

    tenant_id: str | None = None
    """The id of the account. ``None`` for all accounts of the environment."""
    below: bool = False
    """Whether the accounts below the account also belong to the scope."""

    def __attrs_post_init__(self) -> None:
        check_flag(self.below, "below", ConfigurationError)
        if self.tenant_id is None:
            if self.below:
                raise ConfigurationError("below=True needs an account")
            return
        try:
            arguments.check_id(self.tenant_id, "account")
        except InvalidArgumentError as error:
            raise ConfigurationError(str(error)) from None

    async def read(self, caller: Caller) -> Reach:
        """Return the accounts that the scope contains now. Empty if the account of the scope does not exist.

        Raises:
            FronteggError: The accounts could not be read.
        """
        if self.tenant_id is None:
            return Reach(None)
        await load_in_thread("frontegg_async.snapshots.single_account")
        from frontegg_async.snapshots import single_account  # noqa: PLC0415 - a server starts faster without it

        account = await single_account.read_account(caller, self.tenant_id, None)
        if account is None:
            return Reach({})
        if not self.below:
            return Reach({account.tenant_id: account.name})
        tree = await caller.for_tenant(self.tenant_id).value(hierarchy.TREE)
        return Reach({node.tenant_id: node.tenant_name or "" for node in tree})


@attrs.frozen
class Reach:
    """The accounts that a call may see."""

    names: Mapping[str, str] | None
    """The names of the accounts by id. ``None`` for all accounts of the environment."""

    @property
    def ids(self) -> AbstractSet[str] | None:
        """The ids of the accounts. ``None`` for all accounts of the environment."""
        return None if self.names is None else self.names.keys()

    def has(self, tenant_id: str | None) -> bool:
        """Return whether the call may see an account."""
        return self.ids is None or tenant_id in self.ids

    def check(self, tenant_id: str) -> None:
        """Raise an error if the call may not see an account. The message is the same as for a missing account.

        Raises:
            RefusedError: The call may not see the account.
        """
        if not self.has(tenant_id):
            raise no_account(tenant_id)


def no_account(tenant_id: str) -> RefusedError:
    """Return the error for an account that does not exist, or is outside the scope. Both have the same message."""
    return RefusedError(f"there is no account {quoted(tenant_id)} that this server may show")
