"""What owners do with the accounts below their own: each call carries the owner's token, and the service decides."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from fastapi_app.sign_up import Account
from frontegg_async import Claims
from frontegg_async.integrations.fastapi import CurrentUser, FronteggUserDep, require

WRITE: Final = "fe.account-hierarchy.write.subAccount"
DELETE: Final = "fe.account-hierarchy.delete.subAccount"

router = APIRouter(prefix="/accounts", tags=["sub-accounts"])

Name = Annotated[str, Field(min_length=1, max_length=100)]


class TreeAccount(Account):
    """An account of a tree, and the one above it."""

    parent: str | None


class NewAccount(BaseModel):
    """A sub-account to create, below the caller's own account or another one of its tree."""

    name: Name
    parent: str | None = None


class NewName(BaseModel):
    """Another name for an account."""

    name: Name


@router.get("")
async def show(me: FronteggUserDep) -> list[TreeAccount]:
    """Show the caller's account and all below it, each after the one above it."""
    tree = await me.hierarchy.tree()
    parents = {place.node.tenant_id: place.path[-2] if place.depth else None for place in tree.walk()}
    return [
        TreeAccount(id=node.tenant_id, name=node.tenant_name or node.tenant_id, parent=parents[node.tenant_id])
        for node in tree
    ]


@router.post("", status_code=201)
async def create(
    new: NewAccount, me: FronteggUserDep, user: Annotated[Claims, Depends(require(permission=WRITE))]
) -> Account:
    """Create a sub-account."""
    made = await me.sub_tenants.create(
        name=new.name, parent_tenant_id=new.parent or user.tenant_id, creator_email=user.email
    )
    return Account(id=made.tenant_id, name=made.name)


@router.patch("/{account_id}", status_code=204, dependencies=[Depends(require(permission=WRITE))])
async def rename(account_id: str, new: NewName, me: FronteggUserDep) -> Response:
    """Rename a sub-account."""
    await me.sub_tenants.rename(account_id, name=new.name)
    return Response(status_code=204)


@router.delete("/{account_id}", status_code=204, dependencies=[Depends(require(permission=DELETE))])
async def delete(account_id: str, me: FronteggUserDep, user: CurrentUser) -> Response:
    """Delete a sub-account; what is below it goes to the account above."""
    del user
    await me.sub_tenants.delete(account_id)
    return Response(status_code=204)
