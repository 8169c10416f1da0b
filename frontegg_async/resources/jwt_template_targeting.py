"""``frontegg.jwt_templates.targeting``: the rules that choose the JWT template of a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import jwt_templates as endpoints
from frontegg_async.models.jwt_templates import (
    JwtTemplateRule,
    JwtTemplateTargeting,
    JwtTemplateTargetingUpdate,
)
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import Confirmed, removed
from frontegg_async.resources.support.targeting_rules import check_rules


class AsyncJwtTemplatesTargeting:
    """The rules that choose the JWT template of a token. An environment has at most one list of rules.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> JwtTemplateTargeting:
        """Get the targeting rules.

        ``GET /identity/resources/configurations/v1/jwt-template-targeting`` (documented).

        Returns:
            The rules, and the id that `delete` takes.

        Raises:
            NotFoundError: The rules were never set, or were deleted.
        """
        return await self._caller.value(endpoints.GET_TARGETING, options=options)

    async def set(
        self, *, rules: Sequence[JwtTemplateRule | Mapping[str, JsonValue]], options: Options | None = None
    ) -> None:
        """Replace all targeting rules. Issued tokens do not change.

        ``PUT /identity/resources/configurations/v1/jwt-template-targeting`` (documented).

        Args:
            rules: The rules, in order. The first rule whose conditions are all true chooses the template. Each is a
                `JwtTemplateRule`, or the result of its ``to_dict()``. An empty sequence sets no rules.

        Raises:
            BadRequestError: The service refused the rules.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        body = JwtTemplateTargetingUpdate(rules=check_rules(rules))
        are_set = Confirmed(self._caller, endpoints.GET_TARGETING, lambda found: check_rules(found.rules) == body.rules)
        await self._caller.value(endpoints.SET_TARGETING, body=body, options=options, reconcile=are_set)

    async def delete(self, targeting_id: str, *, options: Options | None = None) -> None:
        """Delete the targeting rules, so that all tokens have the default claims.

        ``DELETE /identity/resources/configurations/v1/jwt-template-targeting/{id}`` (documented). If a response is
        lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            targeting_id: The id of the rules, which `get` returns, 1 to 256 characters.

        Raises:
            NotFoundError: There are no rules with this id.
            OutcomeUnknownError: The response was lost, so the targeting rules may or may not have been deleted.
        """
        arguments.check_id(targeting_id, "targeting_id")
        # Rules with another id do not prove the deletion. The request is then sent again, which is safe.
        is_gone = removed(self._caller, endpoints.GET_TARGETING)
        path = {"id": targeting_id}
        await self._caller.value(endpoints.DELETE_TARGETING, path=path, options=options, reconcile=is_gone)
