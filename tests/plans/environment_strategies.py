"""Environments with objects of all kinds, and files that change them in ways that can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import attrs
from hypothesis import strategies as st

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.models.jwt_templates import DEFAULT_JWT_CLAIMS
from frontegg_async.plans.files.relations import look
from frontegg_async.snapshots.environment_format import FORMAT, escaped
from tests.managed.environment_cases import rule, treatment_rule

Values = dict[str, JsonValue]
Objects = dict[str, dict[str, Values]]
"""Values of objects by their parts, keys, and the names of fields."""

SECRET: Final = "CANARY"
OF_SERVICE: Final[Mapping[str, Sequence[str]]] = {
    "permissions": ("fe.secure.read.*", "fe.secure.*"),
    "roles": ("Admin", "ReadOnly"),
    "applications": ("Default Application",),
}
"""Objects that each environment has."""
SETTINGS: Final[Mapping[str, Values]] = {
    "domains": {
        "allow_verified_users_to_add_domains": True,
        "skip_domain_verification": False,
        "bypass_domain_cross_validation": True,
    },
    "multiple_sso": {"enabled": True, "use_active_tenant": False, "unspecified_tenant_strategy": "BLOCK"},
    "oidc": {"enabled": True, "redirect_uri": "https://app.example/oidc"},
}
PRUNED: Final = (
    "permission_categories",
    "permissions",
    "roles",
    "jwt_templates",
    "webhooks",
    "prehooks",
    "plans",
    "feature_flags",
)
"""The parts of which generated files delete objects."""

_ANY_TEXT: Final = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
_TEXT: Final = st.sampled_from(["a", "b", "x/", " x ", "=1", "'", "null", "1", "é", "${A}", "$${", "- a"]) | _ANY_TEXT
_NAME: Final = _TEXT.filter(lambda text: text == text.strip() and not text.endswith("/"))
_JSON: Final[st.SearchStrategy[JsonValue]] = st.recursive(
    st.booleans() | st.integers(-9, 9) | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=3,
)
_MAP: Final = st.dictionaries(st.sampled_from(["plan", "a.b", "é", "x y"]) | _ANY_TEXT, _JSON, max_size=3)
_URL: Final = st.sampled_from(["https://a.example", "https://a.example/", "https://b.example/in", "http://c.example:1"])
_KEYS: Final = ("a", "b", "c", "d.e", "é", "x y", "1", "f.g.h")
_NEW_KEYS: Final = ("new", "n.e.w", "N 2", "neu/3")
_EVENTS: Final = [f"frontegg.{noun}.{verb}" for noun in ("user", "tenant") for verb in ("created", "deleted")]
_PREHOOK_EVENTS: Final = {"a": ["A_ONE", "A_TWO"], "b": ["B_ONE", "B_TWO"], "new": ["N_ONE", "N_TWO"]}

_TREATMENT: Final = st.sampled_from(["true", "false"])
_TREATMENT_RULES: Final = cast(
    "st.SearchStrategy[JsonValue]",
    st.lists(st.builds(treatment_rule, _TREATMENT, st.sampled_from(["frontegg.email", "jwt.a"]), _TEXT), max_size=2),
)

_Draw = st.DrawFn
_Keys = Mapping[str, Sequence[str]]
"""The keys of objects to which others may refer, by parts."""


def _some(keys: Sequence[str], least: int = 0) -> st.SearchStrategy[list[JsonValue]]:
    return st.lists(st.sampled_from([*keys]), unique=True, min_size=least, max_size=3) if keys else st.just([])


def _hook(events: Sequence[str]) -> dict[str, st.SearchStrategy[JsonValue]]:
    return {
        "url": _URL,
        "event_keys": cast("st.SearchStrategy[JsonValue]", _some(events, 1)),
        "description": st.none() | _TEXT,
        "is_active": st.booleans(),
    }


def _fields_of_entitlements(part: str, keys: _Keys) -> dict[str, st.SearchStrategy[JsonValue]]:
    found: dict[str, st.SearchStrategy[JsonValue]] = {"description": st.none() | _TEXT}
    if part == "features":
        permissions = cast("st.SearchStrategy[JsonValue]", _some(keys["permissions"]))
        return {**found, "name": _NAME, "permissions": permissions}
    found["default_treatment"] = _TREATMENT
    found["rules"] = _TREATMENT_RULES
    found["metadata"] = cast("st.SearchStrategy[JsonValue]", _MAP)
    if part == "plans":
        features = cast("st.SearchStrategy[JsonValue]", _some(keys["features"]))
        limitation = st.integers(1, 9)
        return {**found, "features": features, "default_time_limitation": limitation, "assign_on_signup": st.booleans()}
    feature = {"feature": st.sampled_from([*keys["features"]])} if keys["features"] else {}
    return {**found, **feature, "on": st.booleans(), "off_treatment": _TREATMENT}


def fields(part: str, key: str, keys: _Keys) -> dict[str, st.SearchStrategy[JsonValue]]:
    """Return the strategies of the fields of an object; the fields that it needs are among them.

    Args:
        part: The part of the object.
        key: Its key.
        keys: The keys of other objects.
    """
    found: dict[str, st.SearchStrategy[JsonValue]]
    match part:
        case "permission_categories":
            found = {"description": st.none() | _TEXT}
        case "permissions":
            found = {
                "name": _NAME,
                "description": st.none() | _TEXT,
                "assignment_type": st.sampled_from(["NEVER", "ALWAYS", "ASSIGNABLE"]),
            }
            if keys["permission_categories"]:
                found["category"] = st.sampled_from([*keys["permission_categories"]])
        case "roles":
            found = {
                "name": _NAME,
                "level": st.integers(0, 9),
                "description": st.none() | _TEXT,
                "is_default": st.booleans(),
                "first_user_role": st.booleans(),
                "permissions": cast("st.SearchStrategy[JsonValue]", _some(keys["permissions"])),
            }
        case "applications":
            found = {
                "app_url": _URL,
                "login_url": _URL,
                "access_type": st.sampled_from(["FREE_ACCESS", "MANAGED_ACCESS"]),
                "is_active": st.booleans(),
                "description": st.none() | _TEXT,
                "metadata": cast("st.SearchStrategy[JsonValue]", _MAP),
                "app_host": st.sampled_from(["h.example", "i.example"]),
            }
        case "jwt_templates":
            more = cast("st.SearchStrategy[Values]", _MAP)
            found = {
                "name": _NAME,
                "expiration": st.integers(10, 900),
                "description": st.none() | _TEXT,
                "algorithm": st.sampled_from(["RS256", "HS256"]),
                "claims": more.map(lambda claims: {**DEFAULT_JWT_CLAIMS, **claims}),
            }
        case "webhooks":
            found = _hook(_EVENTS)
        case "features" | "plans" | "feature_flags":
            found = _fields_of_entitlements(part, keys)
        case _:
            events = next((those for name, those in _PREHOOK_EVENTS.items() if name == key), ["Z_ONE"])
            found = {**_hook(events), "fail_method": st.sampled_from(["OPEN", "CLOSE"]), "timeout": st.integers(1, 5)}
    return found


@attrs.frozen
class Estate:
    """The objects of an environment, without those of the service."""

    objects: Objects
    rules: JsonValue
    """The targeting rules; ``None`` if they were never set."""
    settings: Mapping[str, Values]
    """The SSO settings that were set."""


@attrs.frozen
class Case:
    """An environment, and files for it."""

    estate: Estate
    sources: Sequence[Mapping[str, JsonValue]]
    """The files, the later over the earlier."""
    wanted: Objects
    """What the files ask for together, by the keys after renames; settings and targeting included."""
    renames: Mapping[tuple[str, str], str]
    """The new keys, by parts and present keys."""
    prune: Sequence[str]
    """The parts of which objects are deleted."""


def _rules(draw: _Draw, keys: _Keys) -> JsonValue:
    """Draw targeting rules."""
    found: list[JsonValue] = []
    for template in draw(_some(keys["jwt_templates"])):
        attribute = draw(st.sampled_from(["roleIds", "applicationId", "tenantId"]))
        part = {"roleIds": "roles", "applicationId": "applications"}.get(attribute)
        values = draw(_some(["acme", "north"] if part is None else keys[part], 1))
        if values:
            found.append(rule(str(template), attribute, *map(str, values)))
    return found


def _object(draw: _Draw, part: str, key: str, keys: _Keys, *, is_new: bool) -> Values:
    """Draw the values of an object: of a new one those that it needs, of another one any."""
    strategies = fields(part, key, keys)
    known = ENVIRONMENT[part].fields
    needed = {name for name in strategies if is_new and known[name].is_required}
    chosen = needed | draw(st.sets(st.sampled_from(sorted(strategies))))
    values = {name: draw(strategies[name]) for name in sorted(chosen)}
    if "secret" in known and (is_new or draw(st.booleans())):
        values["secret"] = {"secret": f"env:{SECRET}"}
    return values


def _present(objects: Objects) -> dict[str, list[str]]:
    return {part: [*OF_SERVICE.get(part, ()), *objects.get(part, ())] for part in ENVIRONMENT}


def _can_be_new(part: str, keys: _Keys) -> bool:
    """Return whether there is what a new object must refer to."""
    return part != "feature_flags" or bool(keys["features"])


def _own_keys(part: str) -> Sequence[str]:
    return ("a", "b") if part == "prehooks" else _KEYS


@st.composite
def estates(draw: _Draw) -> Estate:
    """Draw an environment."""
    objects: Objects = {}
    for part, kind in ENVIRONMENT.items():
        if kind.can_create:
            most = 3 if _can_be_new(part, _present(objects)) else 0
            names = draw(st.lists(st.sampled_from(_own_keys(part)), unique=True, max_size=most))
            objects[part] = {key: _object(draw, part, key, _present(objects), is_new=True) for key in names}
    rules = _rules(draw, _present(objects)) if draw(st.booleans()) else None
    settings = {name: values for name, values in SETTINGS.items() if draw(st.booleans())}
    return Estate(objects, rules, settings)


@st.composite
def cases(draw: _Draw) -> Case:
    """Draw an environment, and files whose plan has no faults."""
    estate = draw(estates())
    prune = [part for part in PRUNED if draw(st.integers(0, 3)) == 0]
    wanted: Objects = {}
    renames: dict[tuple[str, str], str] = {}
    keys = _present(estate.objects)
    for part in (part for part, kind in ENVIRONMENT.items() if kind.can_create):
        wanted[part] = _objects(draw, part, [*estate.objects[part]], keys, renames)
        renamed = {key for of, key in renames if of == part}
        gone = {*keys[part]} - wanted[part].keys() if part in prune and wanted[part] else renamed
        # Objects of the service stay; all others that are left may be referred to.
        staying = [each for each in OF_SERVICE.get(part, ()) if part == "permissions" or each not in gone]
        keys[part] = [*staying, *({*keys[part], *wanted[part]} - gone - renamed - {*OF_SERVICE.get(part, ())})]
        keys[part].sort()
    wanted["jwt_template_targeting"] = {"environment": {"rules": _rules(draw, keys)}}
    if estate.rules is None and draw(st.booleans()):
        del wanted["jwt_template_targeting"]
    wanted["sso_settings"] = {
        name: {
            field: _other(draw, value)
            for field, value in values.items()
            if name not in estate.settings or draw(st.booleans())
        }
        for name, values in SETTINGS.items()
        if draw(st.booleans())
    }
    named = {part for part, objects in wanted.items() if objects}
    return Case(estate, _sources(draw, wanted, renames), wanted, renames, [each for each in prune if each in named])


def _other(draw: _Draw, value: JsonValue) -> JsonValue:
    return draw(st.booleans()) if isinstance(value, bool) else value


def _objects(
    draw: _Draw, part: str, present: Sequence[str], keys: _Keys, renames: dict[tuple[str, str], str]
) -> dict[str, Values]:
    """Draw what a file has for a part: some of the objects, some of them with new keys, and new objects."""
    wanted: dict[str, Values] = {}
    names = ("new",) if part == "prehooks" else _NEW_KEYS if _can_be_new(part, keys) else ()
    new = [key for key in names if draw(st.booleans())]
    for key in present:
        if draw(st.booleans()):
            continue
        name = key
        if new and ENVIRONMENT[part].key_field and part != "prehooks" and draw(st.integers(0, 3)) == 0:
            name = renames[part, key] = new.pop()
        wanted[name] = _object(draw, part, key, keys, is_new=False)
    for name in new:
        wanted[name] = _object(draw, part, name, keys, is_new=True)
    assert len({look(each) for each in wanted}) == len(wanted)
    return wanted


def _sources(draw: _Draw, wanted: Objects, renames: Mapping[tuple[str, str], str]) -> list[Mapping[str, JsonValue]]:
    """Split what is wanted into a file and one that is laid over it."""
    old = {(part, name): key for (part, key), name in renames.items()}
    layers: list[dict[str, dict[str, Values]]] = [{}, {}]
    has_overlay = draw(st.booleans())
    for part, objects in wanted.items():
        for layer in layers:
            layer[part] = {}
        for key, values in objects.items():
            known = ENVIRONMENT[part].fields_of(key)
            for name, value in values.items():
                number = int(has_overlay and draw(st.booleans()))
                literal = _escaped(value)
                layers[number].setdefault(part, {}).setdefault(key, {})[name] = literal
                if number and known[name].shape is Shape.TEXT and isinstance(value, str):
                    layers[0][part].setdefault(key, {})[name] = (
                        value if known[name].choices or known[name].refers_to or known[name].has_address else "other"
                    )
            layers[0][part].setdefault(key, {})
            if (part, key) in old:
                layers[0][part][key]["renamed_from"] = old[part, key]
    return [{"format": FORMAT, **cast("Values", layer)} for layer in layers[: 2 if has_overlay else 1]]


def _escaped(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return {key: _escaped(each) for key, each in value.items()}
    return [_escaped(each) for each in value] if isinstance(value, list) else value
