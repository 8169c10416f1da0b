"""Sign-up: create an account for a new customer and invite its owner, with the credential of the environment."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field, ValidationError

from fastapi_app import page
from fastapi_app.accounts import AccountsDep
from frontegg_async import ConflictError, FronteggError
from frontegg_async.integrations.fastapi import FronteggDep
from frontegg_async.integrations.problems import log_problem, problem_of

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
async def sign_up(new: SignUp, frontegg: FronteggDep, accounts: AccountsDep) -> Account:
    """Create an account and invite its owner. After a failure, send the same request again to continue.

    The response is 409 if another customer has the same name, because the id is derived from the name.
    """
    made = await frontegg.onboard(
        tenant_id=_id_of(new.company),
        name=new.company,
        owner_email=new.email,
        is_reseller=True,  # its owner may have sub-accounts
        metadata={"plan": "trial"},
    )
    await accounts.mark(made.tenant_id)
    return Account(id=made.tenant_id, name=new.company)


@router.get("/join", include_in_schema=False)
async def form() -> HTMLResponse:
    """Show the form of the sign-up."""
    return page.response(page.sign_up())


@router.post("/join", include_in_schema=False)
async def submit(request: Request, frontegg: FronteggDep, accounts: AccountsDep) -> HTMLResponse:
    """Sign up with the form. After a failure, submit the form again to continue."""
    fields = dict(parse_qsl((await request.body()).decode("latin-1")))
    try:
        new = SignUp.model_validate(fields)
        account = await sign_up(new, frontegg, accounts)
    except ValidationError:
        return page.response(page.sign_up("Give the name of your company and an e-mail address."), 422)
    except ConflictError:
        return page.response(page.sign_up("There is an account with this name: choose another one."), 409)
    except FronteggError as error:
        problem = problem_of(error)
        log_problem(error, problem)
        return page.response(page.failure(problem), problem.status)
    return page.response(page.welcome(account.name, new.email), 201)


def _id_of(company: str) -> str:
    letters = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", company).lower())
    return letters.strip("-") or "account"
