"""Sign-up: create an account for a new customer and invite its owner, with the credential of the environment."""

import re
import unicodedata
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from frontegg_async.integrations.fastapi import FronteggDep

router = APIRouter(tags=["sign-up"])


class SignUp(BaseModel):
    """The data of a new customer."""

    company: Annotated[str, Field(min_length=1, max_length=100)]
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


class Account(BaseModel):
    """An account in responses of this app."""

    id: str
    name: str


@router.post("/sign-up", status_code=201)
async def sign_up(new: SignUp, frontegg: FronteggDep) -> Account:
    """Create an account and invite its owner. After a failure, the same request goes on.

    A name that another has taken gets 409, because the id is derived from it.
    """
    made = await frontegg.onboard(
        tenant_id=_id_of(new.company),
        name=new.company,
        owner_email=new.email,
        is_reseller=True,  # its owner may have sub-accounts
        metadata={"plan": "trial"},
    )
    return Account(id=made.tenant_id, name=new.company)


def _id_of(company: str) -> str:
    letters = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", company).lower())
    return letters.strip("-") or "account"
