"""The managed rules that select a JWT template for tokens. Files name roles and applications by keys and names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar, Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint, roles
from frontegg_async.endpoints import jwt_templates as endpoints
from frontegg_async.errors import InvalidArgumentError, NotFoundError
from frontegg_async.managed.applications import Applications
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.jwt_templates import JwtTemplates
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.roles import Roles
from frontegg_async.managed.values import ObjectChanges
from frontegg_async.models import jwt_templates as models
from frontegg_async.models.jwt_templates import JwtTemplateAttribute, JwtTemplateRule
from frontegg_async.models.model import Model
from frontegg_async.resources.applications import AsyncApplications
from frontegg_async.resources.jwt_template_targeting import AsyncJwtTemplatesTargeting
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.resources.support.targeting_rules import check_rules

_RULES: Final = "rules"
_KEY: Final = "environment"
_TEMPLATE: Final = "template_key"
_Translate = Callable[[str, str], str]
"""Converts a value of a condition; takes the attribute of the condition and the value."""


def _check_rules(value: object, name: str) -> None:
    check_rules(value)
    for index, rule in enumerate(cast("Sequence[Mapping[str, JsonValue]]", value)):
        read = JwtTemplateRule.from_dict(rule)
        # Refuse unknown fields, since a misspelled field would not be sent.
        unknown = [*read.extra, *(field for each in read.conditions for field in each.extra)]
        if unknown:
            raise InvalidArgumentError(f"{name}[{index}] has no field {unknown[0]!r}")


def _normal(rules: JsonValue) -> JsonValue:
    """Convert rules of a file to the form of `_plain`."""
    return [
        {
            _TEMPLATE: rule.treatment,
            "conditions": [
                _condition(each.attribute, each.op, each.value.list, negate=each.negate) for each in rule.conditions
            ],
        }
        for rule in check_rules(rules)
    ]


def _plain(rules: Sequence[JwtTemplateRule], translate: _Translate) -> list[JsonValue]:
    """Convert rules of the service to JSON without default values.

    Values are sorted, since their order has no meaning.
    """
    return [
        {
            _TEMPLATE: rule.template_key,
            "conditions": [
                _condition(
                    each.attribute,
                    each.op,
                    [translate(each.attribute, value) for value in each.values],
                    negate=each.negate,
                )
                for each in rule.conditions
            ],
        }
        for rule in rules
    ]


def _map_references(rules: JsonValue, map_key: Callable[[str, str], str]) -> JsonValue:
    """Return rules in which ``map_key`` has replaced each key of a template, a role or an application."""
    given = [JwtTemplateRule.from_dict(each) for each in cast("list[Any]", rules)]

    def translate(attribute: str, value: str) -> str:
        return map_key(_REFERENCES[attribute].part, value) if attribute in _REFERENCES else value

    plain = cast("list[dict[str, JsonValue]]", _plain(given, translate))
    return [{**each, _TEMPLATE: map_key(JwtTemplates.part, cast("str", each[_TEMPLATE]))} for each in plain]


def _condition(attribute: str, op: str, values: Sequence[str], *, negate: bool) -> JsonValue:
    plain: dict[str, JsonValue] = {"attribute": str(attribute), "op": str(op), "values": sorted(set(values))}
    return {**plain, "negate": True} if negate else plain


class JwtTemplateTargeting(ObjectKind):
    """The targeting rules of the environment: one ordered list."""

    part: ClassVar[str] = "jwt_template_targeting"
    noun: ClassVar[str] = "targeting of JWT templates"
    model: ClassVar[type[Model]] = models.JwtTemplateTargeting
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (endpoints.SET_TARGETING,)
    keys: ClassVar[tuple[str, ...]] = (_KEY,)
    can_create: ClassVar[bool] = False
    can_delete: ClassVar[bool] = False
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field(_RULES, Shape.JSON, check=_check_rules, normal=_normal, map_references=_map_references)
    )

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the rules; an empty list if they were never set."""
        del keys
        try:
            rules = (await AsyncJwtTemplatesTargeting(caller).get()).rules
        except NotFoundError as error:
            if not says_absent(error):
                raise
            rules = ()
        names = await _read_names(caller, rules)
        # A deleted object has no key, so the rule shows its id.
        plain = _plain(rules, lambda attribute, value: names.get(attribute, {}).get(value, value))
        return by_key([ManagedObject(_KEY, "", {_RULES: plain})])

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Replace the rules."""
        del key, object_id
        given = [JwtTemplateRule.from_dict(each) for each in cast("list[Any]", _normal(changes.values[_RULES]))]
        names = await _read_names(caller, given)
        found = {attribute: _objects(names[attribute]) for attribute in names}

        def id_of(attribute: str, value: str) -> str:
            return found[attribute].id_of(value, _REFERENCES[attribute].noun) if attribute in found else value

        await AsyncJwtTemplatesTargeting(caller).set(rules=cast("Any", _plain(given, id_of)))


@attrs.frozen(eq=False)
class _Reference:
    """The objects that conditions about an attribute refer to by id."""

    part: str
    noun: str
    read: Callable[[Caller], Any]
    """Returns the keys of the objects by id."""


async def _read_roles(caller: Caller) -> dict[str, str]:
    # A file does not contain the roles of tenants, so rules name them by id.
    return {each.id: each.id if each.tenant_id else each.key for each in await caller.value(roles.LIST_V1)}


async def _read_applications(caller: Caller) -> dict[str, str]:
    return {each.id: each.name for each in await AsyncApplications(caller).list().all()}


_REFERENCES: Final[Mapping[str, _Reference]] = {
    JwtTemplateAttribute.ROLE_IDS: _Reference(Roles.part, Roles.noun, _read_roles),
    JwtTemplateAttribute.APPLICATION_ID: _Reference(Applications.part, Applications.noun, _read_applications),
}
"""The attributes whose values are ids, which files replace by keys."""


async def _read_names(caller: Caller, rules: Sequence[JwtTemplateRule]) -> dict[str, Mapping[str, str]]:
    """Return for each attribute in rules the keys of the objects by id."""
    used = {condition.attribute for rule in rules for condition in rule.conditions}
    return {name: await reference.read(caller) for name, reference in _REFERENCES.items() if name in used}


def _objects(names: Mapping[str, str]) -> Objects:
    return by_key([ManagedObject(name, each, {}) for each, name in names.items()])
