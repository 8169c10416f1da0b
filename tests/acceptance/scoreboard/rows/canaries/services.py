"""Services of the integrations that refuse a request or fail, with canaries for the tokens of the request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import httpx
from fastapi import Depends, FastAPI, Request, Response

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier, Secret
from frontegg_async.integrations.fastapi import (
    FronteggUserDep,
    ProblemError,
    access_token_scheme,
    add_problem_details,
    bearer_scheme,
    frontegg_lifespan,
)
from tests.acceptance.scoreboard.rows.canaries.search import Findings
from tests.acceptance.scoreboard.rows.canaries.values import CLIENT_ID, SECRET
from tests.acceptance.scoreboard.support.recorder import user_token

_PATHS: Final = ("/refused", "/raised")
_Tokens = Annotated[tuple[Secret, ...], Depends(bearer_scheme)]
_Keys = Annotated[tuple[Secret, ...], Depends(access_token_scheme)]


def _app(url: str, caught: list[Exception]) -> FastAPI:
    app = FastAPI(
        lifespan=frontegg_lifespan(
            client=lambda: AsyncFrontegg(CLIENT_ID, SECRET, base_url=url),
            verifier=lambda _: AsyncTokenVerifier(issuer=url, audience=CLIENT_ID),
        )
    )
    add_problem_details(app)

    async def keep(_: Request, error: Exception) -> Response:
        caught.append(error)
        return Response()

    async def refused(user: FronteggUserDep) -> None:
        """Let nobody in: no token of the requests is accepted."""

    async def raised(tokens: _Tokens, keys: _Keys) -> None:
        raise LookupError(f"{len(tokens)} tokens and {len(keys)} keys")

    app.add_exception_handler(ProblemError, keep)
    app.get("/refused")(refused)
    app.get("/raised")(raised)
    return app


def _headers() -> Iterator[dict[str, str]]:
    for token in (SECRET, user_token("canary")):
        yield from ({"Authorization": f"Bearer {token}"}, {"x-api-key": token}, {"Authorization": token})


async def drive_services(url: str, findings: Findings) -> None:
    """Send requests with tokens to an app of FastAPI, and look at each error that it raises."""
    caught: list[Exception] = []
    app = _app(url, caught)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client,
    ):
        for path in _PATHS:
            for headers in _headers():
                try:
                    await client.get(path, headers=headers)
                except LookupError as error:
                    caught.append(error)
    for each in caught:
        findings.look_at_error(f"FastAPI, {type(each).__name__}", each, only="frontegg_")
    if len(caught) != len(_PATHS) * len(list(_headers())):
        findings.places["FastAPI: a request was let in"] += 1
