"""``frontegg.jwt_templates.targeting``: which tokens get which JWT template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.endpoints import jwt_templates as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.jwt_templates import (
    JwtTemplateAttribute,
    JwtTemplateCondition,
    JwtTemplateConditionWrite,
    JwtTemplateOperator,
    JwtTemplateRule,
    JwtTemplateRuleWrite,
    JwtTemplateTargeting,
    JwtTemplateTargetingUpdate,
    JwtTemplateValues,
)
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import Confirmed, removed


class AsyncJwtTemplatesTargeting:
    """The rules that say which tokens get which JWT template. An environment has one list of rules at most."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> JwtTemplateTargeting:
        """Get the targeting rules.

        ``GET /identity/resources/configurations/v1/jwt-template-targeting`` (documented).

        Args:
            options: Options for this call; those that are not set come from the client.

        Returns:
            The rules, and the id by which they are deleted.

        Raises:
            NotFoundError: None were ever set, or they were deleted.
            FronteggError: Any other failure of the call.
        """
        return await self._caller.value(endpoints.GET_TARGETING, options=options)

    async def set(
        self, *, rules: Sequence[JwtTemplateRule | Mapping[str, JsonValue]], options: Options | None = None
    ) -> None:
        """Set the targeting rules, which replace all that there are. Tokens that were issued before do not change.

        ``PUT /identity/resources/configurations/v1/jwt-template-targeting`` (documented).

        Args:
            rules: The rules, in order: the first whose conditions are all true counts. Each is a
                `JwtTemplateRule`, or what its ``to_dict()`` returns. Empty for none.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: A rule is not allowed; nothing was sent.
            BadRequestError: The service refused the rules.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        body = JwtTemplateTargetingUpdate(rules=_rules(rules))
        are_set = Confirmed(self._caller, endpoints.GET_TARGETING, lambda found: _rules(found.rules) == body.rules)
        await self._caller.value(endpoints.SET_TARGETING, body=body, options=options, reconcile=are_set)

    async def delete(self, targeting_id: str, *, options: Options | None = None) -> None:
        """Delete the targeting rules, so that all tokens have the default claims.

        ``DELETE /identity/resources/configurations/v1/jwt-template-targeting/{id}`` (documented). If a response is
        lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            targeting_id: The id of the rules, which `get` returns, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There are no rules with this id.
            OutcomeUnknownError: The response was lost, so they may or may not have been deleted.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(targeting_id, "targeting_id")
        # Rules with another id do not show it: the request, which is safe, is then sent again.
        is_gone = removed(self._caller, endpoints.GET_TARGETING)
        path = {"id": targeting_id}
        await self._caller.value(endpoints.DELETE_TARGETING, path=path, options=options, reconcile=is_gone)


@without_frames
def _rules(values: object) -> tuple[JwtTemplateRuleWrite, ...]:
    kind = kind_of(values)
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise InvalidArgumentError(f"rules must be a sequence of rules, not {kind}")
    rules = cast("Iterable[object]", values)
    return tuple(_rule(rule, f"rules[{index}]") for index, rule in enumerate(rules))


def _rule(value: object, place: str) -> JwtTemplateRuleWrite:
    if isinstance(value, Mapping):
        rule = _of_dict(cast("Mapping[str, object]", value), place)
    elif isinstance(value, JwtTemplateRule):
        rule = value
    else:
        raise InvalidArgumentError(f"{place} must be a JwtTemplateRule or a mapping, not {kind_of(value)}")
    arguments.check_text(rule.template_key, f"{place}.template_key")
    if rule.condition_logic != "and":
        raise InvalidArgumentError(f"{place}.condition_logic must be 'and', which is all that the service knows")
    if not isinstance(cast("object", rule.conditions), list | tuple) or not rule.conditions:
        raise InvalidArgumentError(f"{place}.conditions must have at least one condition")
    conditions = (_condition(each, f"{place}.conditions[{index}]") for index, each in enumerate(rule.conditions))
    return JwtTemplateRuleWrite(
        condition_logic=rule.condition_logic, conditions=tuple(conditions), treatment=rule.template_key
    )


def _of_dict(value: Mapping[str, object], place: str) -> JwtTemplateRule:
    try:
        return JwtTemplateRule.from_dict(value)
    except InvalidArgumentError as error:
        problem = str(error).removeprefix("data")
    raise InvalidArgumentError(f"{place}{problem}")


def _condition(condition: object, place: str) -> JwtTemplateConditionWrite:
    if not isinstance(condition, JwtTemplateCondition):
        raise InvalidArgumentError(f"{place} must be a JwtTemplateCondition, not {kind_of(condition)}")
    values: object = condition.values
    if isinstance(values, str) or not isinstance(values, list | tuple) or not values:
        raise InvalidArgumentError(f"{place}.values must be a list with at least one text")
    for index, each in enumerate(cast("Sequence[object]", values)):
        arguments.check_text(each, f"{place}.values[{index}]")
    return JwtTemplateConditionWrite(
        attribute=arguments.check_member(condition.attribute, JwtTemplateAttribute, f"{place}.attribute"),
        op=arguments.check_member(condition.op, JwtTemplateOperator, f"{place}.op"),
        value=JwtTemplateValues(list=tuple(cast("Sequence[str]", values))),
        negate=check_flag(condition.negate, f"{place}.negate", InvalidArgumentError),
    )
