"""``frontegg.jwt_templates``: the claims of the JWTs of users and API tokens."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import jwt_templates as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.jwt_templates import (
    JwtAlgorithm,
    JwtAlgorithmLiteral,
    JwtTemplate,
    JwtTemplateCreate,
    JwtTemplateSchema,
    JwtTemplateSort,
    JwtTemplateSortLiteral,
    JwtTemplateUpdate,
)
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.jwt_template_targeting import AsyncJwtTemplatesTargeting
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.listing import PagedListing, check_sizes
from frontegg_async.resources.support.read_back import ReadBack, removed, same_json, shows
from frontegg_async.resources.support.writes import write

MIN_EXPIRATION: Final = 10
"""The shortest lifetime of tokens, in seconds."""
MAX_EXPIRATION: Final = 180 * 86_400
"""The longest lifetime of tokens, in seconds."""
_REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat")


class AsyncJwtTemplates:
    """The JWT templates of the environment. A template sets the claims and the lifetime of tokens.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller", "targeting")

    targeting: AsyncJwtTemplatesTargeting
    """The rules that choose the template of a token."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.targeting = AsyncJwtTemplatesTargeting(caller)

    async def create(
        self,
        *,
        key: str,
        name: str,
        claims: Mapping[str, JsonValue],
        expiration: int | timedelta,
        algorithm: JwtAlgorithm | JwtAlgorithmLiteral = "rs256",
        description: str | None = None,
        options: Options | None = None,
    ) -> JwtTemplate:
        """Create a JWT template. No token uses the template until a rule of ``targeting`` names the template.

        ``POST /identity/resources/jwt-templates/v1`` (documented). The key is unique in the environment. The client
        checks whether a template has this key before it sends the request, and again after a lost response.

        Args:
            key: The name that targeting rules use.
            name: The name that people see.
            claims: All claims of the tokens, `DEFAULT_JWT_CLAIMS` and your own: ``iss``, ``sub``, ``aud``, ``exp`` and
                ``iat`` are required. Text may contain variables, for example ``{{user.email}}``.
            expiration: The lifetime of the tokens in seconds, 10 to 15,552,000 (180 days).
            algorithm: The algorithm that signs the tokens. `AsyncTokenVerifier` accepts ``hs256`` only if the verifier
                has the secret.
            description: The purpose of the template.

        Returns:
            The template as the service made it.

        Raises:
            BadRequestError: The service refused the claims. The service adds ``type``, ``userId``, ``act`` and some
                others itself, and accepts only ``{{clientId}}`` or ``{{applicationId}}`` as ``aud``.
            ConflictError: There is a template with this key.
            OutcomeUnknownError: The response was lost, so the JWT template may or may not have been created. The
                error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(key, "key")
        arguments.check_text(name, "name")
        seconds = arguments.check_duration(expiration, "expiration", least=MIN_EXPIRATION, most=MAX_EXPIRATION)
        body = JwtTemplateCreate(
            key=key,
            name=name,
            description=description,
            expiration=seconds,
            algorithm=arguments.check_member(algorithm, JwtAlgorithm, "algorithm"),
            template_schema=_schema(claims),
        )
        reconcile = Created(
            self._caller,
            endpoints.LIST,
            body,
            lambda page: (each for each in page.items if each.key == key),
            lambda template: template,
            lambda template: template.id,
            agrees=lambda template: _shows(template, body),
            query=(("keys", key),),
        )
        return await write(self._caller, endpoints.CREATE, body=body, options=options, reconcile=reconcile)

    def list(
        self,
        *,
        keys: Sequence[str] | None = None,
        template_ids: Sequence[str] | None = None,
        sort_by: JwtTemplateSort | JwtTemplateSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 50,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[JwtTemplate]:
        """List the JWT templates.

        ``GET /identity/resources/jwt-templates/v1`` (documented).

        Args:
            keys: Only templates with these keys, at least one, without commas.
            template_ids: Only templates with these ids, at least one, without commas.
            sort_by: The field to sort by: ``id``, the default, ``key``, ``name``, ``createdAt`` or ``updatedAt``.
            order: ``asc`` or ``desc``.
            page_size: The most templates of a request, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the templates. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        check_sizes(page_size, prefetch)
        filters: builtins.list[tuple[str, str]] = []
        if keys is not None:
            filters += [("keys", key) for key in arguments.check_ids(keys, "keys", of_query=True, kind="key")]
        if template_ids is not None:
            filters += [("ids", each) for each in arguments.check_ids(template_ids, "template_ids", of_query=True)]
        if sort_by is not None:
            filters.append(("_sortBy", arguments.check_member(sort_by, JwtTemplateSort, "sort_by").value))
        if order is not None:
            filters.append(("_order", arguments.check_member(order, Order, "order").value))
        return AsyncPages(
            [
                PagedListing(
                    self._caller, endpoints.LIST, tuple(filters), page_size, options, sort_by=JwtTemplateSort.ID
                )
            ],
            key=attrgetter("id"),
            prefetch=prefetch,
            incomplete=self._caller.options_for(options).incomplete_listing,
        )

    async def get(self, template_id: str, *, options: Options | None = None) -> JwtTemplate:
        """Get a JWT template.

        ``GET /identity/resources/jwt-templates/v1/{id}`` (documented).

        Args:
            template_id: The id of the template, 1 to 256 characters; not its key.

        Returns:
            The template.

        Raises:
            NotFoundError: There is no such template.
            ResponseMismatchError: The response is about another template.
        """
        arguments.check_id(template_id, "template_id")
        return await self._caller.value(endpoints.GET, path={"id": template_id}, options=options)

    async def update(
        self,
        template_id: str,
        *,
        key: str | Unset = UNSET,
        name: str | Unset = UNSET,
        claims: Mapping[str, JsonValue] | Unset = UNSET,
        expiration: int | timedelta | Unset = UNSET,
        algorithm: JwtAlgorithm | JwtAlgorithmLiteral | Unset = UNSET,
        description: str | None | Unset = UNSET,
        options: Options | None = None,
    ) -> JwtTemplate:
        """Change fields of a JWT template. Omitted fields keep their values. Issued tokens keep their claims.

        ``PUT /identity/resources/jwt-templates/v1/{id}`` (documented). It is assumed that omitted fields keep their
        values.

        Args:
            template_id: The id of the template, 1 to 256 characters; not its key.
            key: The name that targeting rules use. Rules with the old key no longer find the template.
            name: The name that people see.
            claims: All claims of the tokens, which replace the old claims.
            expiration: The lifetime of the tokens in seconds, 10 to 15,552,000 (180 days).
            algorithm: The algorithm that signs the tokens. `AsyncTokenVerifier` accepts ``hs256`` only if the verifier
                has the secret.
            description: The purpose of the template; ``None`` clears it.

        Returns:
            The template as it is now.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the claims.
            NotFoundError: There is no such template.
            ConflictError: Another template has this key.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(template_id, "template_id")
        for text, argument in ((key, "key"), (name, "name")):
            if text is not UNSET:
                arguments.check_text(text, argument)
        if expiration is not UNSET:
            expiration = arguments.check_duration(expiration, "expiration", least=MIN_EXPIRATION, most=MAX_EXPIRATION)
        chosen = UNSET if algorithm is UNSET else arguments.check_member(algorithm, JwtAlgorithm, "algorithm")
        body = JwtTemplateUpdate(
            key=key,
            name=name,
            description="" if description is None else description,
            expiration=expiration,
            algorithm=chosen,
            template_schema=UNSET if claims is UNSET else _schema(claims),
        )
        if body == JwtTemplateUpdate():
            raise InvalidArgumentError(
                "nothing to change: give at least one of key, name, claims, expiration, algorithm and description"
            )
        path = {"id": template_id}
        reconcile = ReadBack(
            self._caller,
            endpoints.GET,
            lambda found: found if _shows(found, body) else None,
            path=path,
            is_of_the_object=True,
        )
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, template_id: str, *, options: Options | None = None) -> None:
        """Delete a JWT template. It is assumed that new tokens whose rule names this template get the default claims.

        ``DELETE /identity/resources/jwt-templates/v1/{id}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            template_id: The id of the template, 1 to 256 characters; not its key.

        Raises:
            NotFoundError: There is no such template.
            OutcomeUnknownError: The response was lost, so the JWT template may or may not have been deleted.
        """
        arguments.check_id(template_id, "template_id")
        path = {"id": template_id}
        is_gone = removed(self._caller, endpoints.GET, path)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)


def _schema(claims: object) -> JwtTemplateSchema:
    arguments.check_mapping(claims, "claims")
    found = dict(cast("Mapping[str, JsonValue]", claims))
    arguments.check_json(found, "claims")
    missing = [name for name in _REQUIRED if name not in found]
    if missing:
        raise InvalidArgumentError(
            f"claims must have {', '.join(_REQUIRED)}, and {missing[0]} is missing: begin with DEFAULT_JWT_CLAIMS"
        )
    return JwtTemplateSchema(claims=found)


def _shows(found: JwtTemplate, body: JwtTemplateCreate | JwtTemplateUpdate) -> bool:
    schema = body.template_schema
    return shows(found, body) and (schema is UNSET or same_json(schema.claims, found.claims))
