"""Owners manage the accounts below their own: each call carries the owner's token, and the service authorizes it."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from fastapi_app.accounts import AccountsDep
from fastapi_app.sign_up import Account
from frontegg_async import Claims
from frontegg_async.integrations.fastapi import CurrentClaims, FronteggUserDep, require

WRITE: Final = "fe.account-hierarchy.write.subAccount"
DELETE: Final = "fe.account-hierarchy.delete.subAccount"

router = APIRouter(prefix="/accounts", tags=["sub-accounts"])

Name = Annotated[str, Field(min_length=1, max_length=100)]


class TreeAccount(Account):
    """An account of a tree, with the id of its parent account."""

    parent: str | None


class NewAccount(BaseModel):
    """A sub-account to create, below the caller's account or another account of its tree."""

    name: Name
    parent: str | None = None


class NewName(BaseModel):
    """The new name of an account."""

    name: Name


@router.get("")
async def show(user: FronteggUserDep) -> list[TreeAccount]:
    """Show the caller's account and its tree, parents first."""
    tree = await user.hierarchy.tree()
    parents = {entry.node.tenant_id: entry.path[-2] if entry.depth else None for entry in tree.walk()}
    return [
        TreeAccount(id=node.tenant_id, name=node.tenant_name or node.tenant_id, parent=parents[node.tenant_id])
        for node in tree
    ]


@router.post("", status_code=201)
async def create(
    new: NewAccount,
    user: FronteggUserDep,
    claims: Annotated[Claims, Depends(require(permission=WRITE))],
    accounts: AccountsDep,
) -> Account:
    """Create a sub-account."""
    made = await user.sub_tenants.create(
        name=new.name, parent_tenant_id=new.parent or claims.tenant_id, creator_email=claims.email
    )
    await accounts.mark(made.tenant_id)
    return Account(id=made.tenant_id, name=made.name)


@router.patch("/{account_id}", status_code=204, dependencies=[Depends(require(permission=WRITE))])
async def rename(account_id: str, new: NewName, user: FronteggUserDep, accounts: AccountsDep) -> Response:
    """Rename a sub-account."""
    await user.sub_tenants.rename(account_id, name=new.name)
    await accounts.mark(account_id)
    return Response(status_code=204)


@router.delete("/{account_id}", status_code=204, dependencies=[Depends(require(permission=DELETE))])
async def delete(account_id: str, user: FronteggUserDep, claims: CurrentClaims, accounts: AccountsDep) -> Response:
    """Delete a sub-account. Its own sub-accounts move to its parent."""
    del claims
    await user.sub_tenants.delete(account_id)
    await accounts.mark(account_id)
    return Response(status_code=204)
